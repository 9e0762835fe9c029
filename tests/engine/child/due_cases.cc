#include "tests/engine/child/due_cases.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"
#include "tests/engine/child/naive/words.h"

namespace dolen::due {
namespace {

using pathway::v1::Book;

// Rules reach beyond the last year's starts.
constexpr char kReach[] = "2046-12-31";

// Mondays to Fridays only are listed, as GOV.UK does.
void Close(absl::CivilDay day, pathway::v1::Calendar& calendar) {
  while (absl::GetWeekday(day) >= absl::Weekday::saturday) ++day;
  calendar.add_closed()->set_from(second::DayText(day));
}

absl::CivilDay FirstMonday(int year, int month) {
  return absl::NextWeekday(absl::CivilDay(year, month, 1) - 1, absl::Weekday::monday);
}

// Made up: in the style of the nation, at dates that nobody has decided.
void AddMadeUpHolidays(int year, pathway::v1::Calendar& calendar) {
  const absl::CivilDay good_friday =
      absl::NextWeekday(absl::CivilDay(year, 3, 19 + year * 7 % 28), absl::Weekday::friday);
  for (const absl::CivilDay day :
       {absl::CivilDay(year, 1, 1), good_friday, good_friday + 3, FirstMonday(year, 5),
        FirstMonday(year, 6) - 7, absl::CivilDay(year, 12, 25), absl::CivilDay(year, 12, 26)}) {
    Close(day, calendar);
  }
  if (calendar.nation() == "scotland") {
    Close(absl::CivilDay(year, 1, 2), calendar);
    Close(absl::CivilDay(year, 11, 30), calendar);
  }
  if (calendar.nation() == "northern_ireland") {
    Close(absl::CivilDay(year, 3, 17), calendar);
    Close(absl::CivilDay(year, 7, 12), calendar);
  }
  if (year % 5 == 0) {  // several days in one line
    pathway::v1::Closed& closed = *calendar.add_closed();
    closed.set_from(second::DayText(absl::CivilDay(year, 8, 25)));
    closed.set_to(second::DayText(absl::CivilDay(year, 8, 31)));
  }
}

void AddTerms(int year, int shift, pathway::v1::Calendar& school) {
  const auto close = [&](absl::CivilDay from, int days) {
    pathway::v1::Closed& closed = *school.add_closed();
    closed.set_from(second::DayText(from));
    closed.set_to(second::DayText(from + (days - 1)));
  };
  close(absl::CivilDay(year, 1, 1), 4 + shift);
  close(FirstMonday(year, 2) + 7 * (shift % 3), 5);
  close(FirstMonday(year, 4), 12);
  close(FirstMonday(year, 6) - 7, 5);
  close(absl::CivilDay(year, 7, 20 - shift), 44);
  close(FirstMonday(year, 10) + 21, 5);
  close(absl::CivilDay(year, 12, 20 + shift), 8);
}

}  // namespace

Book Calendars() {
  Book book = UkCalendars();
  for (pathway::v1::Calendar& calendar : *book.mutable_calendar()) {
    const int known = static_cast<int>(Day(calendar.to()).year());
    EXPECT_GE(known, 2028);
    calendar.set_to(kReach);
    for (int year = known + 1; year <= Day(kReach).year(); ++year) {
      AddMadeUpHolidays(year, calendar);
    }
  }
  constexpr const char* kOpens[] = {"08:50", "09:00", "08:30", "00:00"};
  for (int i = 0; i < 4; ++i) {
    pathway::v1::Agency& agency = *book.add_agency();
    agency.set_id(kNations[i]);
    agency.set_nation(kNations[i]);
    pathway::v1::Calendar& school = *book.add_calendar();
    school.set_id(absl::StrCat("schools-", kNations[i]));
    school.set_nation(kNations[i]);
    school.set_school(true);
    school.set_from("2011-12-01");
    school.set_to(kReach);
    school.set_opens(kOpens[i]);
    school.set_closes("15:30");
    for (int year = kFirstYear; year <= Day(kReach).year(); ++year) AddTerms(year, i, school);
  }
  return book;
}

Book LateClosures() {
  Book book = Calendars();
  for (pathway::v1::Calendar& calendar : *book.mutable_calendar()) {
    for (int i = 0; i < calendar.closed_size(); i += 2) {
      const absl::CivilDay day = Day(calendar.closed(i).from()) - (i % 31 - 3);
      calendar.mutable_closed(i)->set_announced(second::DayText(day));
    }
  }
  return book;
}

std::vector<std::string> Shapes() {
  std::vector<std::string> all;
  for (const char* allow :
       {"minutes: 0",         "minutes: 1",        "minutes: 90",       "hours: 0",
        "hours: 1",           "hours: 24",         "hours: 48",         "hours: 72",
        "calendar_days: 0",   "calendar_days: 1",  "calendar_days: 28", "weekdays: 0",
        "weekdays: 1",        "weekdays: 10",      "working_days: 0",   "working_days: 1",
        "working_days: 3",    "working_days: 5",   "working_days: 10",  "working_days: 15",
        "working_days: 42",   "school_days: 1",    "school_days: 15",   "school_days: 35",
        "weeks: 1",           "weeks: 6",          "weeks: 12",         "months: 1",
        "months: 3",          "months: 6",         "years: 1",          "years: 4",
        "school_openings: 1", "school_openings: 2"}) {
    all.push_back(absl::StrCat("limit { allow { ", allow, " } }"));
  }
  for (const char* days :
       {"calendar_days: 2", "weekdays: 2", "working_days: 2", "school_days: 2", "weeks: 1"}) {
    for (const char* convention :
         {"cut_off: '16:00'", "closed_start_moves: true", "start_day_is_one: true",
          "before_last_day: true", "roll: NEXT", "roll: PREVIOUS",
          "cut_off: '16:00' closed_start_moves: true start_day_is_one: true",
          "cut_off: '00:00' before_last_day: true roll: NEXT"}) {
      all.push_back(absl::StrCat("limit { allow { ", days, " } ", convention, " }"));
    }
  }
  for (const char* months : {"months: 1", "months: 3", "years: 1"}) {
    for (const char* convention : {"before_last_day: true", "roll: NEXT", "roll: PREVIOUS",
                                   "before_last_day: true roll: PREVIOUS"}) {
      all.push_back(absl::StrCat("limit { allow { ", months, " } ", convention, " }"));
    }
  }
  // Back from a date that is stated beforehand.
  for (const char* back :
       {"minutes: -30", "hours: -24", "calendar_days: -5", "weekdays: -3", "working_days: -3",
        "school_days: -2", "weeks: -2", "months: -1", "years: -1", "calendar_days: 0"}) {
    for (const char* convention : {"", "roll: PREVIOUS", "before_last_day: true"}) {
      const bool is_time = absl::StrContains(back, "minutes") || absl::StrContains(back, "hours");
      if (is_time && *convention != 0) continue;
      all.push_back(absl::StrCat("limit { from { field: 'planned_for' } allow { ", back, " } ",
                                 convention, " }"));
    }
  }
  // Several, levels, targets.
  for (const char* more :
       {"limit { allow { hours: 24 } } limit { allow { working_days: 1 } } several: LATEST",
        "limit { allow { hours: 72 } } limit { allow { working_days: 2 } }",
        "limit { allow { weeks: 4 } } limit { from { field: 'planned_for' } allow { weeks: -1 } }",
        "target { allow { months: 1 } } limit { allow { weeks: 6 } } level { of_target: true "
        "offset { working_days: -1 } }",
        "limit { allow { working_days: 5 } } level { offset { weekdays: -2 } } "
        "level { offset { working_days: -1 } } level { offset { hours: -4 } } level { } "
        "level { offset { school_days: 2 } } level { offset { working_days: 5 } }",
        "limit { allow { school_days: 5 } } level { offset { calendar_days: -3 } } "
        "level { offset { school_days: -1 } } level { offset { months: 1 } }",
        "limit { allow { hours: 24 } } level { offset { weeks: -1 } } "
        "level { offset { working_days: 1 } } level { offset { years: 1 } }"}) {
    all.push_back(more);
  }
  return all;
}

// One to a line.
constexpr char kHeld[] = R"(
limit { allow { minutes: 90 } } pause { cap { minutes: 45 } } pause { }
limit { allow { hours: 24 } } pause { } pause { cap { hours: 10 } }
limit { allow { hours: 30 } } target { allow { hours: 8 } } pause { cap { minutes: 600 } } pause { }
limit { allow { calendar_days: 10 } } pause { cap { calendar_days: 3 } } pause { }
limit { allow { weekdays: 5 } roll: NEXT } pause { cap { weekdays: 2 } } pause { }
limit { allow { working_days: 7 } cut_off: '12:00' closed_start_moves: true } pause { }
limit { allow { working_days: 9 } start_day_is_one: true } pause { cap { working_days: 4 } }
limit { allow { working_days: 12 } before_last_day: true } pause { cap { working_days: 5 } }
limit { allow { working_days: 6 } } level { offset { working_days: -1 } } pause { } pause { }
limit { allow { school_days: 8 } roll: PREVIOUS } pause { cap { school_days: 3 } } pause { }
limit { allow { weeks: 2 } roll: PREVIOUS } pause { cap { weeks: 1 } } pause { }
limit { allow { months: 1 } roll: NEXT } target { allow { weeks: 2 } } pause { cap { weeks: 1 } }
limit { allow { years: 1 } } pause { } pause { cap { weeks: 2 } }
limit { allow { weeks: 2 } } limit { allow { calendar_days: 20 } within { months: 2 } }
limit { allow { calendar_days: 12 } within { weeks: 4 } roll: NEXT }
limit { allow { weeks: 3 } within { years: 1 } before_last_day: true })";

std::vector<std::string> HeldShapes() {
  return absl::StrSplit(kHeld, '\n', absl::SkipWhitespace());
}

pathway::v1::Rule RuleOf(const std::string& shape, int number) {
  pathway::v1::Rule rule;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      absl::StrCat("id: 'R-", number,
                   "' opens: EACH start { is: 's' } stop { is: 'e' } accountable: 'agency:wales' ",
                   shape),
      &rule))
      << shape;
  for (pathway::v1::Pause& pause : *rule.mutable_pause()) {
    pause.mutable_begin()->set_is("clock_paused");
    pause.mutable_end()->set_is("clock_resumed");
  }
  for (int i = 0; i < rule.level_size(); ++i) rule.mutable_level(i)->set_name(absl::StrCat("l", i));
  return rule;
}

}  // namespace dolen::due
