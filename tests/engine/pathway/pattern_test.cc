#include "engine/pathway/pattern.h"

#include <set>
#include <string>
#include <utility>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

template <typename Message>
Message From(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// An event before which these came.
class Alone : public Occurrence {
 public:
  Alone(event::v1::Open open, Parties parties, std::set<std::string> came = {})
      : open_(std::move(open)), parties_(parties), came_(std::move(came)) {}
  const event::v1::Open& open() const override { return open_; }
  Parties parties() const override { return parties_; }
  bool Came(const pathway::v1::Pattern& earlier) const override {
    return came_.count(earlier.is()) > 0;
  }
  absl::optional<int64_t> age() const override { return 7; }
  absl::string_view hours() const override { return "out"; }

 private:
  const event::v1::Open open_;
  const Parties parties_;
  const std::set<std::string> came_;
};

// One of a child whose birth month nobody stated, where no office hours are known.
class Unknown : public Alone {
 public:
  explicit Unknown(event::v1::Open open) : Alone(std::move(open), {}) {}
  absl::optional<int64_t> age() const override { return absl::nullopt; }
  absl::string_view hours() const override { return ""; }
};

class PatternTest : public testing::Test {
 protected:
  PatternTest() {
    const CheckedBook checked = ParseBook(SampleWith(0, ""));
    EXPECT_TRUE(books_.Add(checked.book, Zone(), absl::UnixEpoch()).ok());
  }
  bool Fit(const std::string& pattern, const std::string& open, const Parties& parties = {}) {
    return Fits(From<pathway::v1::Pattern>(pattern), Alone(From<event::v1::Open>(open), parties),
                books_);
  }
  Books books_;
};

TEST(Kinds, AreNamedAsInTheContract) {
  EXPECT_EQ(KindName(event::v1::KIND_REFERRAL_MADE), "referral_made");
  EXPECT_EQ(KindName(event::v1::KIND_ERASURE_ORDERED), "erasure_ordered");
  EXPECT_EQ(KindName(event::v1::KIND_UNSPECIFIED), "");
  EXPECT_EQ(KindName(static_cast<event::v1::Kind>(17)), "");
  EXPECT_EQ(KindName(static_cast<event::v1::Kind>(9999)), "");
  EXPECT_EQ(KindName(static_cast<event::v1::Kind>(-1)), "");
}

TEST(Kinds, EachNameLeadsBackToItsKind) {
  int kinds = 0;
  for (int number = 1; number <= event::v1::Kind_MAX; ++number) {
    if (!event::v1::Kind_IsValid(number)) continue;
    const auto kind = static_cast<event::v1::Kind>(number);
    EXPECT_EQ(KindOf(KindName(kind)), kind);
    ++kinds;
  }
  EXPECT_EQ(kinds, event::v1::Kind_descriptor()->value_count() - 1);
  EXPECT_EQ(KindOf(""), event::v1::KIND_UNSPECIFIED);
  EXPECT_EQ(KindOf("unspecified"), event::v1::KIND_UNSPECIFIED);
  EXPECT_EQ(KindOf("REFERRAL_MADE"), event::v1::KIND_UNSPECIFIED);
}

TEST_F(PatternTest, AMilestoneIsKnownByItsOwnName) {
  EXPECT_TRUE(Fit("is: 'icpc'", "kind: KIND_MILESTONE_REACHED milestone: 'icpc'"));
  EXPECT_FALSE(Fit("is: 'icpc'", "kind: KIND_MILESTONE_REACHED milestone: 'core_group'"));
  EXPECT_FALSE(
      Fit("is: 'milestone_reached'", "kind: KIND_MILESTONE_REACHED milestone: 'core_group'"));
  // A stray milestone on another kind changes nothing.
  EXPECT_TRUE(Fit("is: 'referral_made'", "kind: KIND_REFERRAL_MADE milestone: 'icpc'"));
  EXPECT_FALSE(Fit("is: 'icpc'", "kind: KIND_REFERRAL_MADE milestone: 'icpc'"));
}

TEST_F(PatternTest, AnEventWithoutNameFitsNoPatternThatNamesOne) {
  for (const char* open : {"", "kind: 9999", "milestone: 'icpc'"}) {
    EXPECT_FALSE(Fit("is: 'icpc'", open)) << open;
    EXPECT_FALSE(Fit("is: 'milestone_reached' or { is: 'unspecified' }", open)) << open;
  }
}

// Only where the event is known otherwise: a limit's `when` is asked of the start event.
TEST_F(PatternTest, APatternWithoutNameIsAskedOfAnyEvent) {
  EXPECT_TRUE(Fit("", "kind: KIND_REFERRAL_MADE"));
  EXPECT_TRUE(Fit("", "kind: KIND_MILESTONE_REACHED milestone: 'icpc'"));
  const std::string out = "where { field: 'reason' is: 'out' } or { by: 'agency:council' }";
  EXPECT_TRUE(Fit(out, "kind: KIND_REFERRAL_MADE reason: 'out'"));
  EXPECT_TRUE(Fit(out, "kind: KIND_WAITLISTED agency: 'council'"));
  EXPECT_FALSE(Fit(out, "kind: KIND_REFERRAL_MADE reason: 'in' agency: 'x'"));
}

TEST_F(PatternTest, AMomentIsNoEvent) {
  EXPECT_FALSE(Fit("overdue: 'R'", "kind: KIND_REFERRAL_MADE"));
  EXPECT_FALSE(Fit("holding: UNHELD", "kind: KIND_HANDOVER_COMPLETED"));
  EXPECT_TRUE(Fit("overdue: 'R' or { is: 'referral_made' }", "kind: KIND_REFERRAL_MADE"));
}

TEST_F(PatternTest, WhatCameEarlierMustHaveComeAndMustNot) {
  const std::string given = "is: 'waitlisted' given { is: 'a' } given { is: 'b' }";
  const std::string unless = "is: 'waitlisted' unless { is: 'a' } unless { is: 'b' }";
  const auto fit = [&](const std::string& pattern, std::set<std::string> came) {
    return Fits(From<pathway::v1::Pattern>(pattern),
                Alone(From<event::v1::Open>("kind: KIND_WAITLISTED"), {}, std::move(came)), books_);
  };
  EXPECT_TRUE(fit(given, {"a", "b"}));
  EXPECT_FALSE(fit(given, {"a"}));
  EXPECT_FALSE(fit(given, {}));
  EXPECT_TRUE(fit(unless, {}));
  EXPECT_FALSE(fit(unless, {"b"}));
  EXPECT_TRUE(fit(unless + " or { is: 'waitlisted' given { is: 'b' } }", {"b"}));
}

TEST_F(PatternTest, AgeAndOfficeHoursAreWorkedOut) {
  const std::string open = "kind: KIND_WAITLISTED";
  EXPECT_TRUE(Fit("where { field: 'age' below: 8 }", open));
  EXPECT_FALSE(Fit("where { field: 'age' below: 7 }", open));
  EXPECT_TRUE(Fit("where { field: 'age' is: '7' }", open));
  EXPECT_TRUE(Fit("where { field: 'hours' is: 'out' }", open));
  EXPECT_FALSE(Fit("where { field: 'hours' is: 'in' }", open));
  // An event's own field of that name comes first.
  EXPECT_FALSE(Fit("where { field: 'age' is: '7' }", open + " fields { name: 'age' number: 9 }"));
}

TEST_F(PatternTest, WhereNobodyCanSayNoTestHolds) {
  const auto fit = [&](const std::string& pattern) {
    const Unknown unknown(From<event::v1::Open>("kind: KIND_WAITLISTED"));
    return Fits(From<pathway::v1::Pattern>(pattern), unknown, books_);
  };
  EXPECT_FALSE(fit("where { field: 'age' is: '0' below: 99 }"));
  EXPECT_FALSE(fit("where { field: 'hours' is: 'in' is: 'out' is: '' }"));
}

TEST(FieldText, IsWhatKeysAreMadeOf) {
  const auto open = From<event::v1::Open>(
      "reason: 'x' fields { name: 'placement' code: 'P1' } fields { name: 'round' number: -3 } "
      "fields { name: 'on' when { day: '2026-03-02' } } "
      "fields { name: 'at' when { instant { seconds: 1 } } }");
  EXPECT_EQ(FieldText(open, "reason"), "x");
  EXPECT_EQ(FieldText(open, "cause"), "x");
  EXPECT_EQ(FieldText(open, "placement"), "P1");
  EXPECT_EQ(FieldText(open, "round"), "-3");
  EXPECT_EQ(FieldText(open, "on"), "2026-03-02");
  EXPECT_EQ(FieldText(open, "at"), absl::nullopt);  // an instant has no day of its own
  EXPECT_EQ(FieldText(open, "role"), absl::nullopt);
  EXPECT_EQ(FieldText(open, "other"), absl::nullopt);
}

TEST_F(PatternTest, AnyAlternativeFitsWithItsOwnTests) {
  const std::string pattern =
      "is: 'referral_accepted' where { field: 'part' is: 'x' } or { is: 'referral_declined' or { "
      "is: 'referral_redirected' by: 'asked' } }";
  EXPECT_FALSE(Fit(pattern, "kind: KIND_REFERRAL_ACCEPTED"));
  EXPECT_TRUE(Fit(pattern, "kind: KIND_REFERRAL_ACCEPTED part: 'x'"));
  EXPECT_TRUE(Fit(pattern, "kind: KIND_REFERRAL_DECLINED"));
  EXPECT_FALSE(Fit(pattern, "kind: KIND_REFERRAL_REDIRECTED agency: 'a'"));
  EXPECT_TRUE(Fit(pattern, "kind: KIND_REFERRAL_REDIRECTED agency: 'a'", {"", "a"}));
}

TEST_F(PatternTest, ByNamesWhoPublished) {
  const std::string open = "kind: KIND_WAITLISTED agency: 'council'";
  EXPECT_TRUE(Fit("is: 'waitlisted' by: 'agency:council'", open));
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'agency:coun'", open));
  EXPECT_TRUE(Fit("is: 'waitlisted' by: 'kind:council'", open));
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'kind:police'", open));
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'kind:council'", "kind: KIND_WAITLISTED agency: 'x'"));
  EXPECT_TRUE(Fit("is: 'waitlisted' by: 'asked'", open, {"x", "council"}));
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'asked'", open, {"council", "x"}));
  EXPECT_TRUE(Fit("is: 'waitlisted' by: 'asker'", open, {"council", "x"}));
  EXPECT_TRUE(Fit("is: 'waitlisted' by: 'role:clerk'", open + " role: 'clerk'"));
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'role:clerk'", open + " role: 'chair'"));
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'role:'", open));
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'holder'", open, {"council", "council"}));
}

TEST_F(PatternTest, NobodyIsNotAParty) {
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'asked'", "kind: KIND_WAITLISTED"));
  EXPECT_FALSE(Fit("is: 'waitlisted' by: 'asker'", "kind: KIND_WAITLISTED"));
}

TEST_F(PatternTest, EveryCodeOfAnEventCanBeTested) {
  for (const char* field : {"service_type", "role", "reason", "next_step", "outcome", "part",
                            "owner", "rule", "language", "area", "basis", "to_agency"}) {
    const std::string pattern =
        absl::StrCat("is: 'waitlisted' where { field: '", field, "' is: 'x' is: 'y' }");
    EXPECT_TRUE(Fit(pattern, absl::StrCat("kind: KIND_WAITLISTED ", field, ": 'y'"))) << field;
    EXPECT_FALSE(Fit(pattern, absl::StrCat("kind: KIND_WAITLISTED ", field, ": 'z'"))) << field;
    EXPECT_FALSE(Fit(pattern, "kind: KIND_WAITLISTED")) << field;
    EXPECT_TRUE(IsCodeField(field));
  }
  EXPECT_TRUE(Fit("is: 'waitlisted' where { field: 'cause' is: 'x' }",
                  "kind: KIND_WAITLISTED reason: 'x'"));
  EXPECT_TRUE(Fit("is: 'waitlisted' where { field: 'next_step' is: '' }", "kind: KIND_WAITLISTED"));
  EXPECT_FALSE(IsCodeField("event_id"));
}

TEST_F(PatternTest, AllTestsMustHold) {
  const std::string pattern =
      "is: 'waitlisted' where { field: 'role' is: 'a' } where { field: 'part' is: 'b' }";
  EXPECT_TRUE(Fit(pattern, "kind: KIND_WAITLISTED role: 'a' part: 'b'"));
  EXPECT_FALSE(Fit(pattern, "kind: KIND_WAITLISTED role: 'a'"));
  EXPECT_FALSE(Fit(pattern, "kind: KIND_WAITLISTED part: 'b'"));
}

TEST_F(PatternTest, OwnFieldsAreTestedByTheirKindOfValue) {
  const auto fits = [&](const std::string& test, const std::string& field) {
    return Fit("is: 'waitlisted' where { field: 'own' " + test + " }",
               "kind: KIND_WAITLISTED fields { name: 'own' " + field + " }");
  };
  EXPECT_TRUE(fits("is: 'x'", "code: 'x'"));
  EXPECT_FALSE(fits("is: 'x'", "code: 'y'"));
  EXPECT_FALSE(fits("below: 5", "code: '4'"));
  EXPECT_TRUE(fits("is: '4'", "number: 4"));
  EXPECT_TRUE(fits("is: '-4'", "number: -4"));
  EXPECT_FALSE(fits("is: '04'", "number: 4"));
  EXPECT_TRUE(fits("below: 5", "number: 4"));
  EXPECT_FALSE(fits("below: 5", "number: 5"));
  EXPECT_TRUE(fits("below: 5 is: '7'", "number: 7"));
  EXPECT_FALSE(fits("is: '7'", "number: -1"));  // below was not said
  EXPECT_TRUE(fits("is: '2026-03-02'", "when { day: '2026-03-02' }"));
  EXPECT_FALSE(fits("is: '2026-03-02'", "when { day: '2026-03-03' }"));
  EXPECT_FALSE(fits("is: '2026-03-02'", "when { instant { seconds: 1772409600 } }"));
  EXPECT_FALSE(fits("is: ''", ""));
  EXPECT_FALSE(Fit("is: 'waitlisted' where { field: 'own' is: '' }", "kind: KIND_WAITLISTED"));
}

}  // namespace
}  // namespace dolen
