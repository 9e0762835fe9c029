#include "deploy/program/book_case.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"
#include "engine/child/clock.h"
#include "engine/child/picture.h"
#include "engine/pathway/example.h"

namespace dolen {
namespace {

std::string MinuteText(absl::CivilMinute minute) {
  return absl::StrFormat("%s %02d:%02d", DayText(absl::CivilDay(minute)), minute.hour(),
                         minute.minute());
}

std::string Text(const ExampleTime& time) {
  return time.is_day ? DayText(absl::CivilDay(time.at)) : MinuteText(time.at);
}

// One case, told and read.
class Case {
 public:
  Case(const Example& example, absl::string_view agency, const Books& books, const Zone& zone)
      : books_(books), zone_(zone) {
    int number = 0;
    for (const ExampleEvent& said : example.events) {
      Event event;
      event.open = OpenOf(said, ++number, agency, zone);
      event.recorded = Begin(said.recorded ? *said.recorded : said.occurred);
      end_ = std::max(
          {end_, End(said.occurred.at), End(absl::CivilMinute(zone.CivilOf(event.recorded)))});
      events_.push_back(std::move(event));
    }
    std::sort(events_.begin(), events_.end(),
              [](const Event& a, const Event& b) { return a.Order() < b.Order(); });
  }

  // Empty where it is as expected.
  std::string Failure(const Expectation& expected) const {
    std::string wanted;
    switch (expected.what) {
      case Expectation::kLast:
        wanted = absl::StrCat("last ", Text(expected.time));
        break;
      case Expectation::kDue:
        wanted = absl::StrCat("due ", Text(expected.time));
        break;
      case Expectation::kState:
        wanted = absl::StrCat("state ", expected.state,
                              expected.on ? absl::StrCat(" on ", Text(*expected.on)) : "");
        break;
      case Expectation::kNone:
        wanted = "none";
        break;
    }
    const bool is_state = expected.what == Expectation::kState;
    const std::string got = is_state ? GotState(expected) : GotTime(expected);
    if (got == (is_state ? expected.state : wanted)) return "";
    return absl::StrCat(expected.rule, ": expected ", wanted, ", got ", got);
  }

 private:
  absl::Time Begin(const ExampleTime& time) const {
    return zone_.InstantOf(absl::CivilSecond(time.at));
  }
  // The last instant of the day.
  absl::Time End(absl::CivilMinute time) const {
    return zone_.StartOf(absl::CivilDay(time) + 1) - absl::Microseconds(1);
  }

  struct Found {
    const Clock* clock;
    const Zone* zone;
    std::string start;  // its day
  };
  // The clocks that the expectation may mean, in a picture.
  std::vector<Found> Find(const Expectation& expected, const Picture& picture) const {
    std::vector<Found> found;
    ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
      const RuleFamily& family = books_.families()[duty.family];
      if (family.id != expected.rule) return;
      if (!expected.matter.empty() && picture.matters[clock.matter].id != expected.matter) return;
      const Zone& zone = books_.ZoneOf(family.versions[clock.version]);
      std::string start = DayText(zone.DayOf(clock.start.from));
      if (expected.started && start != Text(*expected.started)) return;
      found.push_back({&clock, &zone, std::move(start)});
    });
    return found;
  }

  static std::string Several(const std::vector<Found>& clocks) {
    std::vector<std::string> starts;
    for (const Found& one : clocks) starts.push_back(absl::StrCat("started ", one.start));
    return absl::StrCat(clocks.size(), " clocks (", absl::StrJoin(starts, ", "),
                        "); write which: \"started DAY\" or \"in MATTER\" after the rule");
  }

  // Of the only clock that fits: its last day or due time as an expectation would name it.
  std::string GotTime(const Expectation& expected) const {
    const Picture picture = Draw(events_, books_);
    const std::vector<Found> clocks = Find(expected, picture);
    if (clocks.empty()) {
      return expected.what == Expectation::kNone ? "none" : "no clock: nothing started one";
    }
    if (clocks.size() > 1) return Several(clocks);
    const Clock& clock = *clocks[0].clock;
    if (expected.what == Expectation::kNone) {
      return absl::StrCat("a clock started ", clocks[0].start);
    }
    if (clock.no_calendar) {
      return "no due time: no calendar reaches so far; --with=FILE adds a book that has one";
    }
    if (clock.due == absl::InfiniteFuture()) {
      return absl::StrCat("no due time: the clock is ", StateName(StateAt(clock, end_)));
    }
    const Zone& zone = *clocks[0].zone;
    if (expected.what == Expectation::kDue) {
      return absl::StrCat("due ", MinuteText(absl::CivilMinute(zone.CivilOf(clock.due))));
    }
    return absl::StrCat("last ", DayText(zone.DayOf(clock.due - absl::Microseconds(1))));
  }

  // As far as it was recorded by then.
  std::string GotState(const Expectation& expected) const {
    absl::Time at = end_;
    if (expected.on) at = expected.on->is_day ? End(expected.on->at) : Begin(*expected.on);
    std::vector<Event> known;
    for (const Event& event : events_) {
      if (event.recorded <= at) known.push_back(event);
    }
    const Picture picture = Draw(known, books_);
    const std::vector<Found> clocks = Find(expected, picture);
    if (clocks.empty()) return std::string(StateName(ClockState::kNotStarted));
    if (clocks.size() > 1) return Several(clocks);
    return std::string(StateName(StateAt(*clocks[0].clock, at)));
  }

  const Books& books_;
  const Zone& zone_;
  std::vector<Event> events_;              // in order
  absl::Time end_ = absl::InfinitePast();  // the end of the day of the last thing said
};

}  // namespace

std::vector<std::string> FailuresOf(absl::string_view example, const pathway::v1::Book& book,
                                    const Books& books, const Zone& zone) {
  const absl::StatusOr<Example> parsed = ParseExample(example);
  const absl::Status status = parsed.ok() ? CheckNames(*parsed, book) : parsed.status();
  if (!status.ok()) return {std::string(status.message())};
  const Case told(*parsed, book.agency_size() > 0 ? book.agency(0).id() : "agency", books, zone);
  std::vector<std::string> failures;
  for (const Expectation& expected : parsed->expected) {
    std::string failure = told.Failure(expected);
    if (!failure.empty()) failures.push_back(std::move(failure));
  }
  return failures;
}

}  // namespace dolen
