// Books with a draft in place: which version judges which day of start then.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/pathway/book.h"
#include "engine/pathway/books.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dolen {
namespace {

constexpr absl::CivilDay kFirst = absl::CivilDay::min(), kLast = absl::CivilDay::max();

absl::CivilDay Day(const std::string& text) {
  absl::CivilDay day;
  EXPECT_TRUE(ParseDay(text, day)) << text;
  return day;
}

// A rule that is told from others by its hours.
std::string Rule(int hours, const std::string& more = "", const std::string& id = "R") {
  return absl::StrCat("rule { id: '", id,
                      "' start { is: 'referral_made' } stop { is: 'seen' } accountable: 'asked' "
                      "limit { allow { hours: ",
                      hours, " } } ", more, " }\n");
}

std::string Calendar(const std::string& id, const std::string& more) {
  return absl::StrCat("calendar { id: '", id, "' from: '2026-01-01' to: '2026-12-31' ", more, " }");
}

pathway::v1::Book BookOf(const std::string& id, const std::string& body) {
  const CheckedBook checked =
      ParseBook(absl::StrCat("id: '", id, "' version: '1' zone: 'UTC'\n", body));
  EXPECT_TRUE(checked.ok());
  return checked.book;
}

Zone ZoneAt(const std::string& name, int hours) {
  return *Zone::Make(name, absl::Hours(hours), {});
}

class DraftTest : public testing::Test {
 protected:
  void Publish(const std::string& day, const std::string& book_id, const std::string& body,
               Zone zone = Zone()) {
    const absl::Time noon = absl::FromCivil(Day(day), absl::UTCTimeZone()) + absl::Hours(12);
    EXPECT_TRUE(books_.Add(BookOf(book_id, body), std::move(zone), noon).ok());
  }
  void Draft(const std::string& book_id, const std::string& body, absl::CivilDay from = kFirst,
             absl::CivilDay to = kLast, Zone zone = Zone()) {
    EXPECT_TRUE(books_.AddDraft(BookOf(book_id, body), std::move(zone), from, to).ok());
  }
  const RuleVersion* VersionOn(const std::string& day, absl::string_view agency = "",
                               const std::string& rule = "R") const {
    const RuleFamily* family = books_.FindFamily(rule);
    if (family == nullptr) return nullptr;
    const int index = VersionInForce(
        *family, Day(day), [&](const RuleVersion&) { return agency; }, books_);
    return index < 0 ? nullptr : &family->versions[index];
  }
  // The hours that a rule allows a start on this day; 0: no version judges it.
  int HoursOn(const std::string& day, absl::string_view agency = "",
              const std::string& rule = "R") const {
    const RuleVersion* version = VersionOn(day, agency, rule);
    return version == nullptr ? 0 : version->rule.limit(0).allow().hours();
  }
  int Versions() { return static_cast<int>(books_.FindFamily("R")->versions.size()); }

  Books books_;
};

TEST_F(DraftTest, AChangedRuleJudgesThePastToo) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(5));
  Draft("b", Rule(3));
  EXPECT_EQ(HoursOn("1970-01-01"), 3);
  EXPECT_EQ(HoursOn("2026-03-02"), 3);
  EXPECT_EQ(HoursOn("2026-04-15"), 3);
  EXPECT_EQ(HoursOn("2100-01-01"), 3);
}

TEST_F(DraftTest, ItJudgesFromItsFirstDayToBeforeItsLastAndOtherDaysKeepTheirs) {
  Publish("2026-03-02", "b", Rule(10));
  Draft("b", Rule(3), Day("2026-04-01"), Day("2026-05-01"));
  EXPECT_EQ(HoursOn("2026-03-31"), 10);
  EXPECT_EQ(HoursOn("2026-04-01"), 3);
  EXPECT_EQ(HoursOn("2026-04-30"), 3);
  EXPECT_EQ(HoursOn("2026-05-01"), 10);
}

TEST_F(DraftTest, AddedRulesJudgeAndThoseItDoesNotNameStay) {
  Publish("2026-03-02", "b", Rule(10) + Rule(20, "", "S"));
  Draft("b", Rule(7, "", "T"));
  EXPECT_EQ(HoursOn("2026-03-02"), 10);
  EXPECT_EQ(HoursOn("2026-03-02", "", "S"), 20);
  EXPECT_EQ(HoursOn("2026-03-02", "", "T"), 7);
}

TEST_F(DraftTest, ARuleEndsOnlyWhereTheDraftSaysSo) {
  Publish("2026-03-02", "b", Rule(10) + Rule(20, "", "S"));
  Draft("b", Rule(10, "valid_to: '2026-04-01'"));
  EXPECT_EQ(HoursOn("2026-03-31"), 10);
  EXPECT_EQ(HoursOn("2026-04-01"), 0);
  EXPECT_EQ(HoursOn("2026-04-01", "", "S"), 20);
}

TEST_F(DraftTest, VersionsByDateReplaceOneVersion) {
  Publish("2026-03-02", "b", Rule(10));
  Draft("b", Rule(10, "valid_to: '2026-04-01'") + Rule(3, "valid_from: '2026-04-01'"));
  EXPECT_EQ(HoursOn("2026-03-31"), 10);
  EXPECT_EQ(HoursOn("2026-04-01"), 3);
}

TEST_F(DraftTest, TheBookInForceChangesNothing) {
  const std::string text = Rule(10) + Rule(5, "scope: 'agency:x'") + "agency { id: 'x' }";
  Publish("2026-03-02", "b", text);
  Publish("2026-04-15", "local", Rule(1) + "agency { id: 'x' kind: 'council' }");
  Draft("b", text);
  EXPECT_EQ(Versions(), 3);
  EXPECT_EQ(HoursOn("2026-04-14"), 10);
  EXPECT_EQ(HoursOn("2026-04-14", "x"), 5);
  EXPECT_EQ(HoursOn("2026-04-15", "x"), 1) << "what stands later among the books still counts";
  EXPECT_EQ(books_.FindAgency("x")->kind(), "council");
}

// X in force for a part of the days only: the rest of them is new, and counts as published last.
TEST_F(DraftTest, WhatWasInForceLaterOnReachesBackAndStaysInItsPlaceAfter) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-04-15", "b", Rule(5));
  Publish("2026-06-01", "local", Rule(1));
  Draft("b", Rule(5));
  EXPECT_EQ(HoursOn("2026-03-02"), 5);
  EXPECT_EQ(HoursOn("2026-05-31"), 5);
  EXPECT_EQ(HoursOn("2026-06-01"), 1);
}

TEST_F(DraftTest, WhatItChangesCountsAsPublishedLast) {
  Publish("2026-03-02", "b", Rule(10) + "agency { id: 'x' }");
  Publish("2026-04-15", "local", Rule(1));
  Draft("b", Rule(3));
  EXPECT_EQ(HoursOn("2026-04-16"), 3);
  Draft("another", Rule(2, "scope: 'agency:x'") + "agency { id: 'x' }");
  EXPECT_EQ(HoursOn("2026-04-16"), 3);
  EXPECT_EQ(HoursOn("2026-04-16", "x"), 2);
}

TEST_F(DraftTest, TwoDraftsOfTwoBooksBothCount) {
  Publish("2026-03-02", "b", Rule(10));
  Publish("2026-03-02", "c", Rule(20, "", "S"));
  Draft("b", Rule(3));
  Draft("c", Rule(4, "", "S"));
  EXPECT_EQ(HoursOn("2026-03-02"), 3);
  EXPECT_EQ(HoursOn("2026-03-02", "", "S"), 4);
}

TEST_F(DraftTest, ABookThatWasNeverPublishedJudgesAsADraft) {
  Draft("b", Rule(3), Day("2026-04-01"));
  EXPECT_EQ(HoursOn("2026-03-31"), 0);
  EXPECT_EQ(HoursOn("2026-04-01"), 3);
  EXPECT_EQ(books_.InterestIn("referral_made").size(), 1);
  EXPECT_EQ(&books_.ZoneOf(*VersionOn("2026-04-01")), &books_.ZoneOf(*VersionOn("2026-04-02")));
}

TEST_F(DraftTest, ItsOwnCalendarCounts) {
  Publish("2026-03-02", "days", Calendar("all", "closed { from: '2026-05-04' }"));
  Publish("2026-03-02", "b", Rule(10));
  ASSERT_FALSE(books_.WorkingDaysOf("x")->IsCounted(Day("2026-05-04")));
  ASSERT_TRUE(books_.WorkingDaysOf("x")->IsCounted(Day("2026-05-08")));
  Draft("days", Calendar("all",
                         "closed { from: '2026-05-04' } "
                         "closed { from: '2026-05-08' announced: '2026-05-01' }"));
  EXPECT_FALSE(books_.WorkingDaysOf("x")->IsCounted(Day("2026-05-04")));
  EXPECT_FALSE(books_.WorkingDaysOf("x")->IsCounted(Day("2026-05-08")));
  EXPECT_EQ(HoursOn("2026-05-08"), 10);
}

TEST_F(DraftTest, ACalendarItDoesNotNameOrChangeStaysInItsPlace) {
  Publish("2026-03-02", "days", Calendar("old", "") + Calendar("other", "nation: 'wales'"));
  Publish("2026-03-03", "newer", Calendar("new", "closed { from: '2026-05-08' }"));
  Draft("days", Calendar("old", "") + "agency { id: 'cardiff' nation: 'wales' }");
  EXPECT_EQ(books_.WorkingDaysOf("x")->id(), "new");
  EXPECT_EQ(books_.WorkingDaysOf("cardiff")->id(), "other");
}

TEST_F(DraftTest, APublishedTableOfItsZoneStays) {
  Publish("2026-03-02", "b", Rule(10), ZoneAt("A", 1));
  Draft("b", Rule(3), kFirst, kLast, ZoneAt("A", 2));
  EXPECT_EQ(books_.ZoneOf(*VersionOn("2026-03-02")).first_offset(), absl::Hours(1));
  Draft("c", Rule(4, "", "S"), kFirst, kLast, ZoneAt("B", 3));
  EXPECT_EQ(books_.ZoneOf(*VersionOn("2026-03-02", "", "S")).first_offset(), absl::Hours(3));
}

TEST_F(DraftTest, OneWithErrorsChangesNothing) {
  Publish("2026-03-02", "b", Rule(10));
  pathway::v1::Book broken = BookOf("b", Rule(3));
  broken.mutable_rule(0)->set_valid_from("soon");
  EXPECT_TRUE(absl::IsInvalidArgument(books_.AddDraft(broken, Zone(), kFirst, kLast)));
  EXPECT_EQ(books_.publications(), 1);
  EXPECT_EQ(HoursOn("2026-03-02"), 10);
}

}  // namespace
}  // namespace dolen
