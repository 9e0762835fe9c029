#include "engine/base/time.h"

#include <cstdlib>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"

namespace dolen {

int64_t Micros(absl::Time time) {
  if (time == absl::InfiniteFuture()) return std::numeric_limits<int64_t>::max();
  if (time == absl::InfinitePast()) return std::numeric_limits<int64_t>::min();
  return absl::ToUnixMicros(time);
}

absl::Time FromMicros(int64_t micros) {
  if (micros == std::numeric_limits<int64_t>::max()) return absl::InfiniteFuture();
  if (micros == std::numeric_limits<int64_t>::min()) return absl::InfinitePast();
  return absl::FromUnixMicros(micros);
}

std::string Rfc3339(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "never";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

bool ParseRfc3339(absl::string_view text, absl::Time& time) {
  return absl::ParseTime(absl::RFC3339_full, text, &time, nullptr);
}

std::string DayText(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

bool ParseDay(absl::string_view text, absl::CivilDay& day) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int parts[3] = {0, 0, 0};
  const int first[3] = {0, 5, 8}, size[3] = {4, 2, 2};
  for (int p = 0; p < 3; ++p) {
    for (int i = first[p]; i < first[p] + size[p]; ++i) {
      if (text[i] < '0' || text[i] > '9') return false;
      parts[p] = parts[p] * 10 + (text[i] - '0');
    }
  }
  const absl::CivilDay parsed(parts[0], parts[1], parts[2]);
  // CivilDay normalises 30 February to 2 March; a day that does not exist must not pass.
  if (parsed.month() != parts[1] || parsed.day() != parts[2] || parsed.year() != parts[0])
    return false;
  day = parsed;
  return true;
}

bool ParseTimeOfDay(absl::string_view text, int& minutes) {
  const auto digit = [&](size_t i) { return absl::ascii_isdigit(text[i]); };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
    return false;
  }
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  if (minute > 59 || hour * 60 + minute > 24 * 60) return false;
  minutes = hour * 60 + minute;
  return true;
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t micros = Micros(time);
  int64_t seconds = micros / 1000000, rest = micros % 1000000;
  if (rest < 0) rest += 1000000, --seconds;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(rest * 1000));
  return timestamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

}  // namespace dolen
