// Visits every member of a picture and of what was said, down to single values. The structured
// bindings name each member of each struct, so that a new one does not compile before it is
// visited here, and the tests of the row then ask for it.
#ifndef DOLEN_TESTS_ENGINE_STORE_EVERY_MEMBER_H_
#define DOLEN_TESTS_ENGINE_STORE_EVERY_MEMBER_H_

#include <string>
#include <type_traits>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "engine/child/picture.h"
#include "engine/child/watch.h"

namespace dolen {

template <typename Visit, typename T>
void EveryMember(Visit& visit, T& value);

template <typename Visit, typename... Members>
void Every(Visit& visit, Members&... members) {
  (EveryMember(visit, members), ...);
}

template <typename Visit>
void Members(Visit& visit, Moment& moment) {
  auto& [from, span] = moment;
  Every(visit, from, span);
}
template <typename Visit>
void Members(Visit& visit, Dated& dated) {
  auto& [at, is_day] = dated;
  Every(visit, at, is_day);
}
template <typename Visit>
void Members(Visit& visit, Ask& ask) {
  auto& [at, asker, asked, kind, is_taken_on, reason, is_handover, accepted, over, part] = ask;
  Every(visit, at, asker, asked, kind, is_taken_on, reason, is_handover, accepted, over, part);
}
template <typename Visit>
void Members(Visit& visit, Matter& matter) {
  auto& [agency, id, asks, continues_agency, continues_id, last] = matter;
  Every(visit, agency, id, asks, continues_agency, continues_id, last);
}
template <typename Visit>
void Members(Visit& visit, Stood& stood) {
  auto& [from, to, owner] = stood;
  Every(visit, from, to, owner);
}
template <typename Visit>
void Members(Visit& visit, Excused& excused) {
  auto& [from, to] = excused;
  Every(visit, from, to);
}
template <typename Visit>
void Members(Visit& visit, Clock& clock) {
  auto& [version, root, matter, closed_by, no_calendar, held, settled, start, close, close_recorded,
         due, target, levels, breached_at, stood, charged, excused, silent_from, starter,
         backfill] = clock;
  Every(visit, version, root, matter, closed_by, no_calendar, held, settled, start, close,
        close_recorded, due, target, levels, breached_at, stood, charged, excused, silent_from,
        starter, backfill);
}
template <typename Visit>
void Members(Visit& visit, Opening& opening) {
  auto& [judged, accountable, starter, backfill, matter, when, fields, calendars] = opening;
  Every(visit, judged, accountable, starter, backfill, matter, when, fields, calendars);
}
template <typename Visit>
void Members(Visit& visit, Hit& hit) {
  auto& [version, use, moment, root, event, is_void, starts, base, cause, owner, until, recorded,
         opening] = hit;
  Every(visit, version, use, moment, root, event, is_void, starts, base, cause, owner, until,
        recorded, opening);
}
template <typename Visit>
void Members(Visit& visit, Exception& exception) {
  auto& [version, moment, until, starter] = exception;
  Every(visit, version, moment, until, starter);
}
template <typename Visit>
void Members(Visit& visit, Came& came) {
  auto& [version, use, from] = came;
  Every(visit, version, use, from);
}
template <typename Visit>
void Members(Visit& visit, Cursor& cursor) {
  auto& [version, done, after, root, breached] = cursor;
  Every(visit, version, done, after, root, breached);
}
template <typename Visit>
void Members(Visit& visit, Duty& duty) {
  auto& [family, matter, key, is_partial, clocks, hits, exceptions, came, cursors, occasions] =
      duty;
  visit.Family(family);
  Every(visit, matter, key, is_partial, clocks, hits, exceptions, came, cursors, occasions);
}
template <typename Visit>
void Members(Visit& visit, Acting& acting) {
  auto& [party, matter, agency, from] = acting;
  Every(visit, party, matter, agency, from);
}
template <typename Visit>
void Members(Visit& visit, Hold& hold) {
  auto& [part, agency, why, matter, from, to] = hold;
  Every(visit, part, agency, why, matter, from, to);
}
template <typename Visit>
void Members(Visit& visit, Picture& picture) {
  auto& [books, matters, duties, acting, holds, birth_month, family, language, awaited, has_voided,
         corrected_to, asleep] = picture;
  Every(visit, books, matters, duties, acting, holds, birth_month, family, language, awaited,
        has_voided, corrected_to, asleep);
}
template <typename Visit>
void Members(Visit& visit, Told& told) {
  auto& [clock, level, rule, version, matter_agency, matter_id, accountable, state, number, due,
         since, to, household, answer, answered, until, assigned_to] = told;
  Every(visit, clock, level, rule, version, matter_agency, matter_id, accountable, state, number,
        due, since, to, household, answer, answered, until, assigned_to);
}

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<absl::optional<T>> : std::true_type {};

// Visit::Vector and Visit::Optional see the whole before its items are visited, Visit::Value a
// single value.
template <typename Visit, typename T>
void EveryMember(Visit& visit, T& value) {
  if constexpr (IsVector<T>::value) {
    visit.Vector(value);
    for (auto& item : value) EveryMember(visit, item);
  } else if constexpr (IsOptional<T>::value) {
    visit.Optional(value);
    if (value) EveryMember(visit, *value);
  } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> ||
                       std::is_same_v<T, std::string> || std::is_same_v<T, absl::Time> ||
                       std::is_same_v<T, absl::Duration>) {
    visit.Value(value);
  } else {
    Members(visit, value);
  }
}

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_STORE_EVERY_MEMBER_H_
