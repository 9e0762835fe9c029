// Reads the calendars that Dolen ships. Tests run in the repository's root.
#ifndef DOLEN_TESTS_ENGINE_CALENDAR_UK_H_
#define DOLEN_TESTS_ENGINE_CALENDAR_UK_H_

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/calendar/calendar.h"
#include "engine/pathway/book.h"

namespace dolen {

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline absl::CivilDay Day(absl::string_view text) {
  absl::CivilDay day;
  DOLEN_CHECK(ParseDay(text, day));
  return day;
}

inline pathway::v1::Book UkCalendars() {
  CheckedBook checked = ParseBook(ReadFile("deploy/books/uk-calendars.textproto"));
  DOLEN_CHECK(checked.ok());
  return checked.book;
}

// The closed days of one nation, as the file lists them.
inline std::vector<absl::CivilDay> ClosedDays(const std::string& nation) {
  std::vector<absl::CivilDay> days;
  const pathway::v1::Book book = UkCalendars();
  for (const pathway::v1::Calendar& calendar : book.calendar()) {
    if (calendar.nation() != nation) continue;
    for (const pathway::v1::Closed& closed : calendar.closed()) days.push_back(Day(closed.from()));
  }
  DOLEN_CHECK(!days.empty());
  return days;
}

inline Calendar UkCalendar(const std::string& nation) {
  std::vector<Calendar::Closed> closed;
  for (absl::CivilDay day : ClosedDays(nation)) closed.push_back({day, day});
  absl::StatusOr<Calendar> calendar =
      Calendar::Make(nation, Day("2012-01-01"), Day("2028-12-31"), closed);
  DOLEN_CHECK(calendar.ok());
  return *std::move(calendar);
}

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_CALENDAR_UK_H_
