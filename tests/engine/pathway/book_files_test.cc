// The books that Dolen ships.
#include <map>
#include <set>
#include <string>

#include "deploy/zone_table.h"
#include "engine/pathway/book.h"
#include "engine/pathway/books.h"
#include "engine/pathway/zone_proto.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"

namespace dolen {
namespace {

using Days = std::set<std::string>;

// The division's dates in GOV.UK's own file.
Days Published(const google::protobuf::Struct& file, const std::string& division) {
  Days days;
  const auto& events = file.fields().at(division).struct_value().fields().at("events");
  for (const auto& event : events.list_value().values()) {
    days.insert(event.struct_value().fields().at("date").string_value());
  }
  return days;
}

TEST(UkCalendars, AreAsGovUkPublishedThem) {
  const std::string json = ReadFile("../shared/data/uk_bank_holidays/bank-holidays.json");
  if (json.empty()) GTEST_SKIP() << "../shared/data/uk_bank_holidays is not here";
  google::protobuf::Struct file;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &file).ok());
  const std::map<std::string, std::string> divisions = {{"england", "england-and-wales"},
                                                        {"wales", "england-and-wales"},
                                                        {"scotland", "scotland"},
                                                        {"northern_ireland", "northern-ireland"}};
  const pathway::v1::Book book = UkCalendars();
  ASSERT_EQ(book.calendar_size(), 4);
  for (const pathway::v1::Calendar& calendar : book.calendar()) {
    Days days;
    for (const pathway::v1::Closed& closed : calendar.closed()) {
      EXPECT_TRUE(closed.to().empty());
      EXPECT_TRUE(days.insert(closed.from()).second) << closed.from() << " twice";
    }
    EXPECT_EQ(days, Published(file, divisions.at(calendar.nation()))) << calendar.id();
  }
}

TEST(UkCalendars, HaveAsManyDaysAsTheList) {
  EXPECT_EQ(ClosedDays("england").size(), 140u);
  EXPECT_EQ(ClosedDays("wales").size(), 140u);
  EXPECT_EQ(ClosedDays("scotland").size(), 157u);
  EXPECT_EQ(ClosedDays("northern_ireland").size(), 174u);
}

TEST(UkCalendars, SaintDavidsDayIsAWorkingDayInWales) {
  EXPECT_TRUE(UkCalendar("wales").IsCounted(Day("2028-03-01")));
}

TEST(UkCalendars, AreFreeOfFindings) {
  for (const Finding& finding : ParseBook(ReadFile("deploy/books/uk-calendars.textproto")).findings)
    ADD_FAILURE() << FindingText("uk-calendars.textproto", finding);
}

TEST(DemoBook, HasNothingToMendButTheCalendarThatIsPublishedBesideIt) {
  const CheckedBook demo = ParseBook(ReadFile("deploy/books/demo.textproto"));
  EXPECT_TRUE(demo.ok());
  EXPECT_EQ(demo.book.rule_size(), 9);
  for (const Finding& finding : demo.findings) {
    EXPECT_EQ(finding.sentence.substr(0, 30), "working days need a calendar, ")
        << FindingText("demo.textproto", finding);
  }
}

TEST(DemoBook, CountsTheWorkingDaysOfWales) {
  const Zone london = *ZoneFromProto(*LoadZoneTable("Europe/London"));
  Books books;
  ASSERT_TRUE(books.Add(UkCalendars(), london, absl::UnixEpoch()).ok());
  const CheckedBook demo = ParseBook(ReadFile("deploy/books/demo.textproto"));
  ASSERT_TRUE(books.Add(demo.book, london, absl::UnixEpoch()).ok());
  for (const pathway::v1::Agency& agency : demo.book.agency()) {
    ASSERT_NE(books.WorkingDaysOf(agency.id()), nullptr) << agency.id();
    EXPECT_EQ(books.WorkingDaysOf(agency.id())->id(), "wales");
  }
  EXPECT_EQ(books.InterestIn("initial_conference_held").size(), 2u);
}

TEST(DemoBook, EachRuleHasWelshSourceAndAWarningBeforehand) {
  const CheckedBook demo = ParseBook(ReadFile("deploy/books/demo.textproto"));
  for (const pathway::v1::Rule& rule : demo.book.rule()) {
    EXPECT_FALSE(rule.title().cy().empty()) << rule.id();
    EXPECT_FALSE(rule.source().paragraph().empty()) << rule.id();
    ASSERT_GE(rule.level_size(), 2) << rule.id();
    EXPECT_EQ(rule.level(0).name(), "due_soon") << rule.id();
    EXPECT_EQ(rule.level(1).name(), "overdue") << rule.id();
  }
}

}  // namespace
}  // namespace dolen
