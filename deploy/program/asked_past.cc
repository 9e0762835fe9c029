#include "deploy/program/asked_past.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

absl::StatusOr<absl::Time> TimeOf(absl::string_view name, const std::string& text,
                                  const Zone& zone) {
  if (text.empty()) return absl::InfiniteFuture();
  absl::CivilDay day;
  if (ParseDay(text, day)) return zone.StartOf(day + 1) - absl::Microseconds(1);
  absl::Time time;
  if (ParseRfc3339(text, time)) return time;
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": \"", text,
                   "\" is no time; write a day, 2026-03-03, which means its end, or an instant, "
                   "2026-03-03T09:00:00Z"));
}

bool Names(const Event& event, const std::string& agency) {
  const event::v1::Open& open = event.open;
  return open.agency() == agency || open.to_agency() == agency || open.matter().agency() == agency;
}

}  // namespace

absl::StatusOr<Past> PastOf(const AskedPast& asked, absl::Span<const Event> events,
                            const Books& books) {
  Past past;
  DOLEN_ASSIGN_OR_RETURN(past.as_of, TimeOf("as-of", asked.as_of, books.zone()));
  DOLEN_ASSIGN_OR_RETURN(past.known_at, TimeOf("known-at", asked.known_at, books.zone()));
  past.known_to = asked.known_to;
  const bool is_known = past.known_to.empty() || books.FindAgency(past.known_to) != nullptr ||
                        std::any_of(events.begin(), events.end(), [&](const Event& event) {
                          return Names(event, past.known_to);
                        });
  // Whoever is misspelt must not look like somebody who could have known nothing.
  if (is_known) return past;
  return absl::InvalidArgumentError(absl::StrCat(
      "known-to: no book and none of this child's events names an agency \"", past.known_to, "\""));
}

}  // namespace dolen
