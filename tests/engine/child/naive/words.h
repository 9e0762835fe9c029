// The words of the second model of clocks and alerts. It is written from the rule model alone and
// kept naive on purpose: every answer comes from the whole set of events by looking through it,
// days are stepped one by one, nothing is remembered. It shares the protobufs with the engine and
// nothing else; tests ask both the same and compare.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_WORDS_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_WORDS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen::second {

// What an agency said, the backfill it came with (empty: none), and when the ledger had it.
struct Said {
  event::v1::Open open;
  std::string backfill;
  absl::Time recorded = absl::UnixEpoch();
};

// It happened not before `from` and not after `to`: one instant, or the first and the last
// microsecond of a civil day. Never: both InfiniteFuture.
struct Span {
  absl::Time from = absl::InfiniteFuture();
  absl::Time to = absl::InfiniteFuture();
  bool IsNever() const { return from == absl::InfiniteFuture(); }
};
// When the last of both had happened.
Span Later(const Span& x, const Span& y);

// --- days of a zone, named as IANA does

absl::TimeZone ZoneOf(const std::string& zone);
// "YYYY-MM-DD"; fails the program on anything else.
absl::CivilDay DayFrom(const std::string& text);
std::string DayText(absl::CivilDay day);
// The first instant of a civil day: after a gap, and the earlier one where it comes twice.
absl::Time Midnight(absl::CivilDay day, absl::TimeZone zone);
// The last instant of a civil day, to the microsecond.
absl::Time EndOf(absl::CivilDay day, absl::TimeZone zone);
Span SpanOf(const event::v1::When& when, absl::TimeZone zone);
// The same day number `months` later (negative: earlier), or that month's last day.
absl::CivilDay AddMonths(absl::CivilDay day, int months);
// Microseconds since 1970; "-" for never.
std::string Micro(absl::Time t);

// --- the books

// Publications of one book, in order.
struct Published {
  pathway::v1::Book book;
  absl::Time recorded;
};

// One version of a rule, with the days of start that it judges, and the zone of its book.
struct Version {
  pathway::v1::Rule rule;
  absl::CivilDay from, to;
  std::string zone;
};

// All that the books say: of each rule the versions in order of publication and text; of agencies
// and calendars the newest of each id.
struct Library {
  std::map<std::string, std::vector<Version>> rules;
  std::map<std::string, pathway::v1::Agency> agencies;
  std::map<std::string, pathway::v1::Calendar> calendars;

  // The calendar of working days, or of schools, that an agency goes by: its authority's, else its
  // nation's, else the one for all. Null: none.
  const pathway::v1::Calendar* CalendarOf(const std::string& agency, bool school) const;
  std::string KindOf(const std::string& agency) const;
};
// The first publication decides the past too, each later one the days from its own on.
Library Read(const std::vector<Published>& books);

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_WORDS_H_
