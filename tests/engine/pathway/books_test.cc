#include "engine/pathway/books.h"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/pathway/book.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dolen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

absl::CivilDay Day(const std::string& text) {
  absl::CivilDay day;
  EXPECT_TRUE(ParseDay(text, day)) << text;
  return day;
}

absl::Time Noon(const std::string& day) {
  return absl::FromCivil(Day(day), absl::UTCTimeZone()) + absl::Hours(12);
}

// A rule that is told from others by its hours.
std::string Rule(int hours, const std::string& more = "", const std::string& id = "R") {
  return absl::StrCat("rule { id: '", id,
                      "' start { is: 'referral_made' } stop { is: 'seen' } accountable: 'asked' "
                      "limit { allow { hours: ",
                      hours, " } } ", more, " }\n");
}

pathway::v1::Book BookOf(const std::string& id, const std::string& body,
                         const std::string& version = "1") {
  const CheckedBook checked =
      ParseBook(absl::StrCat("id: '", id, "' version: '", version, "' zone: 'UTC'\n", body));
  for (const Finding& finding : checked.findings) {
    EXPECT_EQ(finding.severity, Finding::kWarning) << FindingText("book", finding);
  }
  return checked.book;
}

class BooksTest : public testing::Test {
 protected:
  std::vector<int> FamiliesOf(absl::string_view event) const {
    std::vector<int> families;
    for (const Interest& interest : books_.InterestIn(event)) families.push_back(interest.family);
    return families;
  }
  void Publish(const std::string& day, const std::string& book_id, const std::string& body,
               Zone zone = Zone()) {
    const std::string version = absl::StrCat("of ", day);
    const absl::Status added =
        books_.Add(BookOf(book_id, body, version), std::move(zone), Noon(day));
    EXPECT_TRUE(added.ok()) << added;
  }
  // The hours that rule R allows a start on this day; 0: no version judges it.
  int HoursOn(const std::string& day, absl::string_view agency = "") {
    const RuleFamily* family = books_.FindFamily("R");
    if (family == nullptr) return 0;
    const int index = VersionInForce(
        *family, Day(day), [&](const RuleVersion&) { return agency; }, books_);
    return index < 0 ? 0 : family->versions[index].rule.limit(0).allow().hours();
  }
  int Versions() { return static_cast<int>(books_.FindFamily("R")->versions.size()); }

  Books books_;
};

TEST_F(BooksTest, TheFirstPublicationReachesIntoThePast) {
  Publish("2026-03-02", "b", Rule(24));
  EXPECT_EQ(HoursOn("1970-01-01"), 24);
  EXPECT_EQ(HoursOn("2026-03-02"), 24);
  EXPECT_EQ(HoursOn("2100-01-01"), 24);
}

TEST_F(BooksTest, AVersionJudgesFromItsFirstDayToBeforeItsLast) {
  Publish("2026-03-02", "b",
          Rule(10, "valid_from: '2025-05-01' valid_to: '2026-05-01'") +
              Rule(5, "valid_from: '2026-05-01'"));
  EXPECT_EQ(HoursOn("2025-04-30"), 0);
  EXPECT_EQ(HoursOn("2025-05-01"), 10);
  EXPECT_EQ(HoursOn("2026-04-30"), 10);
  EXPECT_EQ(HoursOn("2026-05-01"), 5);
}

TEST_F(BooksTest, AChangedRuleTakesOverOnItsOwnDay) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(5));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-15"), 5);
  EXPECT_EQ(Versions(), 2);
  EXPECT_EQ(books_.FindFamily("R")->versions[1].book_version, "of 2026-04-15");
}

TEST_F(BooksTest, AChangeValidFromAPastDayDoesNotReachThere) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(5, "valid_from: '2026-04-01'"));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-15"), 5);
}

TEST_F(BooksTest, AChangeAheadTakesOverThen) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b",
          Rule(10, "valid_to: '2026-05-01'") + Rule(5, "valid_from: '2026-05-01'"));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-30"), 10);
  EXPECT_EQ(HoursOn("2026-05-01"), 5);
}

TEST_F(BooksTest, AChangeAheadThatLeavesOutTheRuleInForceLeavesAGap) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(5, "valid_from: '2026-05-01'"));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-15"), 0);
  EXPECT_EQ(HoursOn("2026-05-01"), 5);
}

TEST_F(BooksTest, ARuleAddedLaterJudgesFromItsPublication) {
  Publish("2026-03-02", "b", Rule(1, "", "other"));
  Publish("2026-04-15", "b", Rule(1, "", "other") + Rule(5));
  EXPECT_EQ(HoursOn("2026-04-14"), 0);
  EXPECT_EQ(HoursOn("2026-04-15"), 5);
}

TEST_F(BooksTest, ARuleThatIsLeftOutEndsOnThatDay) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(1, "", "other"));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-15"), 0);
  Publish("2026-06-01", "b", Rule(10));
  EXPECT_EQ(HoursOn("2026-05-31"), 0);
  EXPECT_EQ(HoursOn("2026-06-01"), 10);
  EXPECT_EQ(Versions(), 2);
}

TEST_F(BooksTest, UnchangedTextIsNoNewVersion) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(10) + Rule(1, "", "other"));
  EXPECT_EQ(Versions(), 1);
  EXPECT_EQ(HoursOn("2026-04-16"), 10);
  EXPECT_EQ(books_.FindFamily("R")->versions[0].book_version, "of 2026-03-02");
  EXPECT_EQ(books_.publications(), 2);
}

TEST_F(BooksTest, AChangeTakenBackIsAThirdVersion) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(5));
  Publish("2026-05-20", "b", Rule(10));
  EXPECT_EQ(Versions(), 3);
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-05-19"), 5);
  EXPECT_EQ(HoursOn("2026-05-20"), 10);
}

TEST_F(BooksTest, AChangeAheadThatIsTakenBackNeverJudges) {
  Publish("2026-03-02", "b",
          Rule(10, "valid_to: '2026-05-01'") + Rule(5, "valid_from: '2026-05-01'"));
  Publish("2026-04-15", "b", Rule(10));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-05-01"), 10);
  const RuleVersion& taken_back = books_.FindFamily("R")->versions[1];
  EXPECT_GE(taken_back.from, taken_back.to);
}

TEST_F(BooksTest, OfTwoChangesOnOneDayTheLaterCounts) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(5));
  Publish("2026-04-15", "b", Rule(7));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-15"), 7);
}

TEST_F(BooksTest, VersionsKeepTheirIndexesWhenFamiliesMove) {
  Publish("2026-03-02", "b", Rule(10));
  const int before = FamiliesOf("referral_made")[0];
  EXPECT_EQ(books_.families()[before].id, "R");
  Publish("2026-04-15", "b", Rule(5) + Rule(1, "", "A-before"));
  const RuleFamily* family = books_.FindFamily("R");
  EXPECT_NE(family, &books_.families()[before]);
  EXPECT_EQ(family->versions[0].rule.limit(0).allow().hours(), 10);
  EXPECT_EQ(family->versions[1].rule.limit(0).allow().hours(), 5);
}

TEST_F(BooksTest, AVersionWithinALongerOneCountsForItsDaysOnly) {
  Publish("2026-03-02", "b", Rule(10) + Rule(5, "valid_from: '2026-05-01' valid_to: '2026-06-01'"));
  EXPECT_EQ(HoursOn("2026-04-30"), 10);
  EXPECT_EQ(HoursOn("2026-05-01"), 5);
  EXPECT_EQ(HoursOn("2026-06-01"), 10);
  // Only the longer one changes; the other must still count within it.
  Publish("2026-04-15", "b", Rule(8) + Rule(5, "valid_from: '2026-05-01' valid_to: '2026-06-01'"));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-15"), 8);
  EXPECT_EQ(HoursOn("2026-05-01"), 5);
  EXPECT_EQ(HoursOn("2026-06-01"), 8);
}

TEST_F(BooksTest, AChangeOfOneVersionLeavesThoseOfOtherDaysAlone) {
  Publish("2026-03-02", "b",
          Rule(10, "valid_to: '2026-05-01'") + Rule(5, "valid_from: '2026-05-01'"));
  Publish("2026-04-15", "b",
          Rule(8, "valid_to: '2026-05-01'") + Rule(5, "valid_from: '2026-05-01'"));
  EXPECT_EQ(Versions(), 3);
  EXPECT_EQ(HoursOn("2026-04-15"), 8);
  EXPECT_EQ(HoursOn("2026-05-01"), 5);
  EXPECT_EQ(books_.FindFamily("R")->versions[1].book_version, "of 2026-03-02");
}

TEST_F(BooksTest, AVersionThatIsOverIsNotAddedAgain) {
  const std::string over = Rule(10, "valid_to: '2026-03-01'");
  Publish("2026-03-02", "b", over + Rule(5, "valid_from: '2026-03-01'"));
  Publish("2026-04-15", "b", over + Rule(5, "valid_from: '2026-03-01'"));
  Publish("2026-05-15", "b", over + Rule(6, "valid_from: '2026-03-01'"));
  EXPECT_EQ(Versions(), 3);
  EXPECT_EQ(HoursOn("2026-02-28"), 10);
  EXPECT_EQ(HoursOn("2026-05-14"), 5);
  EXPECT_EQ(HoursOn("2026-05-15"), 6);
}

TEST_F(BooksTest, AnotherBookOfTheSameRuleTakesOverOnItsDay) {
  Publish("2026-03-02", "national", Rule(10));
  Publish("2026-04-15", "local", Rule(5));
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-15"), 5);
  // Published again unchanged, the first book says nothing new.
  Publish("2026-05-01", "national", Rule(10));
  EXPECT_EQ(HoursOn("2026-05-01"), 5);
  // Without the local one, the national one is there again.
  Publish("2026-06-01", "local", "");
  EXPECT_EQ(HoursOn("2026-05-31"), 5);
  EXPECT_EQ(HoursOn("2026-06-01"), 10);
  EXPECT_EQ(Versions(), 2);
}

TEST_F(BooksTest, AnotherBookReachesIntoThePastWhereNobodyJudged) {
  Publish("2026-03-02", "national", Rule(10, "valid_from: '2026-01-01'"));
  Publish("2026-04-15", "local", Rule(5, "valid_to: '2026-01-01'"));
  EXPECT_EQ(HoursOn("2025-12-31"), 5);
  EXPECT_EQ(HoursOn("2026-01-01"), 10);
  Publish("2026-04-15", "other", Rule(1, "", "another rule"));
  EXPECT_EQ(books_.FindFamily("another rule")->versions[0].from, absl::CivilDay::min());
}

TEST_F(BooksTest, AnotherBookDoesNotEndTheRulesOfThisOne) {
  Publish("2026-03-02", "a", Rule(10));
  Publish("2026-04-15", "b", Rule(1, "", "other"));
  EXPECT_EQ(HoursOn("2026-04-16"), 10);
}

constexpr char kAgencies[] =
    "agency { id: 'cardiff' kind: 'council' nation: 'wales' authority: 'W06000015' }\n"
    "agency { id: 'fife' kind: 'council' nation: 'scotland' }\n";

TEST_F(BooksTest, ScopeChoosesAmongVersionsOfTheSameDays) {
  Publish("2026-03-02", "b",
          kAgencies + Rule(1) + Rule(2, "scope: 'nation:wales'") +
              Rule(3, "scope: 'agency:fife' scope: 'authority:W06000023'"));
  EXPECT_EQ(HoursOn("2026-03-02", "cardiff"), 2);
  EXPECT_EQ(HoursOn("2026-03-02", "fife"), 3);
  EXPECT_EQ(HoursOn("2026-03-02", "unknown"), 1);
  EXPECT_EQ(HoursOn("2026-03-02", ""), 1);
}

TEST_F(BooksTest, ScopeFitsByAgencyNationOrAuthority) {
  Publish("2026-03-02", "b", kAgencies);
  const auto fits = [&](const std::string& scope, absl::string_view agency) {
    RuleVersion version;
    if (!scope.empty()) version.rule.add_scope(scope);
    return InScope(version, agency, books_);
  };
  EXPECT_TRUE(fits("", "cardiff"));
  EXPECT_TRUE(fits("", ""));
  EXPECT_TRUE(fits("agency:cardiff", "cardiff"));
  EXPECT_FALSE(fits("agency:cardiff", "fife"));
  EXPECT_TRUE(fits("agency:stranger", "stranger"));
  EXPECT_TRUE(fits("nation:wales", "cardiff"));
  EXPECT_FALSE(fits("nation:wales", "fife"));
  EXPECT_FALSE(fits("nation:wales", "stranger"));
  EXPECT_TRUE(fits("authority:W06000015", "cardiff"));
  EXPECT_FALSE(fits("authority:W06000015", "fife"));
  EXPECT_FALSE(fits("authority:", "fife"));
  EXPECT_FALSE(fits("nation:wales", ""));
}

TEST_F(BooksTest, EventsLeadToTheRulesThatNameThem) {
  Publish("2026-03-02", "b",
          "rule { id: 'B' start { is: 'one' } start { is: 'two' or { is: 'three' } } stop { is: "
          "'four' } cancel { is: 'five' or { is: 'one' } } accountable: 'asked' }\n"
          "rule { id: 'A' start { is: 'one' } stop { is: 'six' } accountable: 'asked' }\n");
  EXPECT_THAT(FamiliesOf("one"), ElementsAre(0, 1));
  for (const char* event : {"two", "three", "four", "five"}) {
    EXPECT_THAT(FamiliesOf(event), ElementsAre(1)) << event;
  }
  EXPECT_THAT(FamiliesOf("six"), ElementsAre(0));
  EXPECT_THAT(FamiliesOf("seven"), IsEmpty());
  EXPECT_EQ(books_.families()[0].id, "A");
  EXPECT_EQ(books_.families()[1].id, "B");
}

TEST_F(BooksTest, EventsOfOlderVersionsStillLeadToTheirRules) {
  Publish("2026-03-02", "b",
          "rule { id: 'A' start { is: 'old' } stop { is: 'seen' } accountable: 'asked' }");
  Publish("2026-04-02", "b",
          "rule { id: 'A' start { is: 'new' } stop { is: 'seen' } accountable: 'asked' }");
  EXPECT_THAT(FamiliesOf("old"), ElementsAre(0));
  EXPECT_THAT(FamiliesOf("new"), ElementsAre(0));
}

std::string CalendarText(const std::string& id, const std::string& place) {
  return absl::StrCat("calendar { id: '", id, "' ", place,
                      " from: '2026-01-01' to: '2026-12-31' }\n");
}

TEST_F(BooksTest, CalendarsGoByAuthorityThenNationThenForAll) {
  const std::string agencies =
      "agency { id: 'cardiff' nation: 'wales' authority: 'W06000015' }\n"
      "agency { id: 'conwy' nation: 'wales' authority: 'W06000003' }\n"
      "agency { id: 'fife' nation: 'scotland' }\n";
  Publish("2026-03-02", "b", agencies);
  EXPECT_EQ(books_.WorkingDaysOf("cardiff"), nullptr);
  EXPECT_EQ(books_.WorkingDaysOf("stranger"), nullptr);
  Publish("2026-03-02", "c",
          CalendarText("all", "") + CalendarText("wales", "nation: 'wales'") +
              CalendarText("cardiff", "nation: 'wales' authority: 'W06000015'") +
              CalendarText("schools", "school: true"));
  EXPECT_EQ(books_.WorkingDaysOf("cardiff")->id(), "cardiff");
  EXPECT_EQ(books_.WorkingDaysOf("conwy")->id(), "wales");
  EXPECT_EQ(books_.WorkingDaysOf("fife")->id(), "all");
  EXPECT_EQ(books_.WorkingDaysOf("stranger")->id(), "all");
  EXPECT_EQ(books_.WorkingDaysOf("")->id(), "all");
}

TEST_F(BooksTest, ANewerCalendarOfAnIdReplacesTheOlder) {
  Publish("2026-03-02", "b", "agency { id: 'cardiff' nation: 'wales' }\n");
  Publish("2026-03-02", "c", CalendarText("days", "nation: 'wales'"));
  EXPECT_TRUE(books_.WorkingDaysOf("cardiff")->IsCounted(Day("2026-05-04")));
  Publish("2026-03-03", "c",
          "calendar { id: 'days' nation: 'wales' from: '2026-01-01' to: '2026-12-31' closed { "
          "from: '2026-05-04' } }");
  EXPECT_FALSE(books_.WorkingDaysOf("cardiff")->IsCounted(Day("2026-05-04")));
  // It may move to another place; then it is gone from the old one.
  Publish("2026-03-04", "c", CalendarText("days", "nation: 'england'"));
  EXPECT_EQ(books_.WorkingDaysOf("cardiff"), nullptr);
  // Another id for the same place: the newest counts.
  Publish("2026-03-05", "c", CalendarText("old", "nation: 'wales'"));
  Publish("2026-03-06", "d", CalendarText("new", "nation: 'wales'"));
  EXPECT_EQ(books_.WorkingDaysOf("cardiff")->id(), "new");
}

TEST_F(BooksTest, TheNewestPublicationSaysWhoAnAgencyIs) {
  Publish("2026-03-02", "b",
          "agency { id: 'x' kind: 'council' } agency { id: 'y' kind: 'police' }");
  Publish("2026-03-03", "c", "agency { id: 'x' kind: 'charity' }");
  EXPECT_EQ(books_.FindAgency("x")->kind(), "charity");
  EXPECT_EQ(books_.FindAgency("y")->kind(), "police");
  EXPECT_EQ(books_.FindAgency("z"), nullptr);
}

Zone ZoneAt(const std::string& name, int hours) {
  return *Zone::Make(name, absl::Hours(hours), {});
}

TEST_F(BooksTest, ThePublicationsDayIsThatOfItsZone) {
  Publish("2026-03-02", "b", Rule(10));
  // Noon in UTC is already the next day there.
  Publish("2026-04-15", "b", Rule(5), ZoneAt("Pacific/Kiritimati", 14));
  EXPECT_EQ(HoursOn("2026-04-15"), 10);
  EXPECT_EQ(HoursOn("2026-04-16"), 5);
}

TEST_F(BooksTest, ARuleFollowsTheNewestTableOfItsZone) {
  Publish("2026-03-02", "b", Rule(10), ZoneAt("A", 0));
  Publish("2026-03-02", "c", Rule(1, "", "other"), ZoneAt("B", 5));
  const auto offset = [&](const char* id, int index) {
    return books_.ZoneOf(books_.FindFamily(id)->versions[index]).first_offset();
  };
  EXPECT_EQ(offset("R", 0), absl::ZeroDuration());
  EXPECT_EQ(offset("other", 0), absl::Hours(5));
  Publish("2026-04-15", "b", Rule(10), ZoneAt("A", 1));
  EXPECT_EQ(Versions(), 1);
  EXPECT_EQ(offset("R", 0), absl::Hours(1));
  // Days that begin elsewhere are another meaning of the same words.
  Publish("2026-05-15", "b", Rule(10), ZoneAt("B", 5));
  EXPECT_EQ(Versions(), 2);
  EXPECT_EQ(offset("R", 0), absl::Hours(1));
  EXPECT_EQ(offset("R", 1), absl::Hours(5));
}

TEST_F(BooksTest, ABookWithErrorsChangesNothing) {
  Publish("2026-03-02", "b", Rule(10));
  pathway::v1::Book broken = BookOf("b", Rule(5) + "agency { id: 'x' }");
  broken.mutable_rule(0)->clear_start();
  const absl::Status status = books_.Add(broken, Zone(), Noon("2026-04-15"));
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("rule[0].id"));
  EXPECT_EQ(books_.publications(), 1);
  EXPECT_EQ(HoursOn("2026-04-16"), 10);
  EXPECT_EQ(books_.FindAgency("x"), nullptr);
}

TEST_F(BooksTest, WithoutPublicationsThereIsNothing) {
  EXPECT_EQ(books_.publications(), 0);
  EXPECT_THAT(books_.families(), IsEmpty());
  EXPECT_EQ(books_.FindFamily("R"), nullptr);
  EXPECT_THAT(FamiliesOf("referral_made"), IsEmpty());
}

}  // namespace
}  // namespace dolen
