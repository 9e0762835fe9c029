// Instants as integers and as text. Everywhere else an instant is an absl::Time and a day an
// absl::CivilDay.
#ifndef DOLEN_ENGINE_BASE_TIME_H_
#define DOLEN_ENGINE_BASE_TIME_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace dolen {

// Microseconds since 1970 in UTC; infinite times keep their sign. Finer parts are cut.
int64_t Micros(absl::Time time);
absl::Time FromMicros(int64_t micros);

// "2026-03-02T09:00:00Z", with micro- or milliseconds only where there are any; "never" for
// InfiniteFuture.
std::string Rfc3339(absl::Time time);
// Any RFC 3339 instant with zone. False if it is none.
bool ParseRfc3339(absl::string_view text, absl::Time& time);

// "2026-03-02".
std::string DayText(absl::CivilDay day);
// Exactly YYYY-MM-DD and a day that exists. False otherwise.
bool ParseDay(absl::string_view text, absl::CivilDay& day);
// Exactly HH:MM, from 00:00 to 24:00, in minutes after midnight. False otherwise.
bool ParseTimeOfDay(absl::string_view text, int& minutes);

google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);

}  // namespace dolen

#endif  // DOLEN_ENGINE_BASE_TIME_H_
