// Who a party of a rule is at a time, as tables.
#include "engine/child/party.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/pathway/zone_proto.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::Said;

// Some rule names each party, so that the picture remembers who they are.
const char kNaming[] =
    R"(rule { id: "R" start { is: "x" } accountable: "role:chair" exception_by: "kind:council" }
       rule { id: "G" per: "child" start { holding: UNHELD } accountable: "holder" })";

const Zone& London() {
  static const auto* const zone = new Zone(*ZoneFromProto(story::LondonTable()));
  return *zone;
}

class PartyTest : public testing::Test {
 protected:
  void Tell(const std::vector<Said>& said) { picture_ = story::PictureOf(said, books_); }
  int MatterOf(const std::string& id) const {
    for (size_t i = 0; i < picture_.matters.size(); ++i) {
      if (picture_.matters[i].id == id) return static_cast<int>(i);
    }
    ADD_FAILURE() << "no matter " << id;
    return 0;
  }
  std::string Who(absl::string_view party, const std::string& matter, absl::string_view at = "",
                  absl::string_view thread = "") const {
    return AgencyOf(party, {picture_, London(), MatterOf(matter), thread, "b",
                            at.empty() ? absl::InfiniteFuture() : story::At(at)});
  }

  const Books books_ = story::BooksOf(kNaming);
  Picture picture_;
};

TEST_F(PartyTest, ThePartyThatNobodyIsKeepsItsName) {
  Tell({Said("x", "2026-03-02 09:00").In("M")});
  for (const char* party : {"asked", "asker", "holder", "role:chair", "kind:council", "family"}) {
    EXPECT_EQ(Who(party, "M"), party);
  }
  EXPECT_EQ(Who("starter", "M"), "b");
  EXPECT_EQ(Who("agency:z", "M"), "z");
}

TEST_F(PartyTest, WhoIsAskedFollowsTheOpenAsk) {
  Tell({Said("referral_made", "2026-03-02 09:00").To("b").In("M"),
        Said("referral_redirected", "2026-03-03 09:00").By("b").To("c").In("M"),
        Said("referral_declined", "2026-03-04 09:00").By("c").In("M"),
        Said("referral_made", "2026-03-05").By("d").To("s").In("M")});
  struct Row {
    const char* at;
    const char *asker, *asked;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"2026-03-02 08:59", "asker", "asked"},
           {"2026-03-02 09:00", "a", "b"},
           {"2026-03-03 08:59", "a", "b"},
           {"2026-03-03 09:00", "a", "c"},
           {"2026-03-04 09:00", "a", "a"},
           {"2026-03-04 23:59", "a", "a"},
           {"2026-03-05 00:00", "d", "s"},
           {"", "d", "s"},
       }) {
    EXPECT_EQ(Who("asker", "M", row.at), row.asker) << row.at;
    EXPECT_EQ(Who("asked", "M", row.at), row.asked) << row.at;
  }
}

TEST_F(PartyTest, OfAThreadTheLatestAskCountsInWhicheverMatter) {
  Tell({Said("referral_made", "2026-01-05 09:00").To("b").In("A"),
        Said("referral_made", "2026-02-04 09:00").To("c").In("B").Continues("A"),
        Said("referral_declined", "2026-01-26 09:00").By("b").In("A"),
        Said("referral_made", "2026-03-01 09:00").To("d").In("other")});
  const std::string thread = "a:A";
  EXPECT_EQ(Who("asked", "A", "2026-01-10", thread), "b");
  EXPECT_EQ(Who("asked", "A", "2026-01-27", thread), "a");
  EXPECT_EQ(Who("asked", "A", "2026-02-05", thread), "c");
  EXPECT_EQ(Who("asked", "A", "", thread), "c");
  EXPECT_EQ(Who("asked", "A"), "a") << "of the matter alone";
}

TEST_F(PartyTest, ARoleIsWhoeverLastSpokeInItInTheMatterElseAboutTheChild) {
  Tell({Said("x", "2026-03-02 09:00").By("b").Role("chair").In("M"),
        Said("x", "2026-03-03 09:00").By("c").Role("chair").In("N"),
        Said("y", "2026-03-04 09:00").By("d").Role("clerk").In("M"),
        Said("y", "2026-03-05 09:00").In("O")});
  EXPECT_EQ(Who("role:chair", "M"), "b");
  EXPECT_EQ(Who("role:chair", "N"), "c");
  EXPECT_EQ(Who("role:chair", "O"), "c");
  EXPECT_EQ(Who("role:chair", "O", "2026-03-02 12:00"), "b");
  EXPECT_EQ(Who("role:chair", "O", "2026-03-02 08:59"), "role:chair");
}

// It was not noted that b spoke again, since in M nothing had changed; elsewhere c still counted.
TEST_F(PartyTest, WhoSpeaksAgainInOneMatterIsTheLastAboutTheChild) {
  Tell({Said("x", "2026-03-02 09:00").By("b").Role("chair").In("M"),
        Said("x", "2026-03-03 09:00").By("c").Role("chair").In("N"),
        Said("x", "2026-03-04 09:00").By("b").Role("chair").In("M"),
        Said("y", "2026-03-05 09:00").In("O")});
  EXPECT_EQ(Who("role:chair", "O"), "b");
  EXPECT_EQ(Who("role:chair", "O", "2026-03-03 12:00"), "c");
}

TEST_F(PartyTest, AKindIsTheLastOfItThatSpokeOrWasAsked) {
  Tell({Said("x", "2026-03-02 09:00").By("b").In("M"),
        Said("referral_made", "2026-03-03 09:00").By("a").To("c").In("M"),
        Said("x", "2026-03-04 09:00").By("a").In("M")});
  EXPECT_EQ(Who("kind:council", "M", "2026-03-02 12:00"), "b");
  EXPECT_EQ(Who("kind:council", "M"), "c");
}

// An agency that an event merely names (it covers, or was sent something) was not asked.
TEST_F(PartyTest, AnAgencyThatWasNotAskedIsNotTheLastOfItsKind) {
  Tell({Said("x", "2026-03-02 09:00").By("b").In("M"),
        Said("information_pack_sent", "2026-03-03 09:00").By("a").To("c").In("M")});
  EXPECT_EQ(Who("kind:council", "M"), "b");
}

TEST_F(PartyTest, WhoSpeaksIsLaterThanWhomItAsks) {
  Tell({Said("referral_made", "2026-03-03 09:00").By("b").To("c").In("M")});
  EXPECT_EQ(Who("kind:council", "M"), "b");
}

TEST_F(PartyTest, TheHolderIsTheFirstByNameOfThoseWhoHoldAll) {
  Tell({Said("episode_opened", "2026-03-02 09:00").By("c").In("M"),
        Said("episode_opened", "2026-03-03 09:00").By("b").In("N")});
  EXPECT_EQ(Who("holder", "M", "2026-03-02 12:00"), "c");
  EXPECT_EQ(Who("holder", "M"), "b");
}

// Who may excuse is asked when the exception is said; who started a clock only when it is read.
TEST(WhoMayExcuse, IsWhomTheRuleNames) {
  struct Row {
    const char* by;
    const char* says;
    const char* role;
    bool excused;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"", "a", "", false},
           {"agency:c", "c", "", true},
           {"agency:c", "b", "", false},
           {"kind:council", "d", "", true},
           {"kind:council", "a", "", false},
           {"role:manager", "d", "manager", true},
           {"role:manager", "d", "clerk", false},
           {"asked", "c", "", true},
           {"asked", "b", "", false},
           {"asker", "b", "", true},
           {"asker", "c", "", false},
           {"starter", "a", "", true},
           {"starter", "b", "", false},
           {"holder", "d", "", true},
           {"holder", "a", "", false},
       }) {
    std::string rule = R"(start { is: "x" } stop { is: "y" } limit { allow { hours: 24 } })";
    if (*row.by != '\0') absl::StrAppend(&rule, " exception_by: '", row.by, "'");
    const Picture picture = story::PictureOf(
        {Said("episode_opened", "2026-03-01 09:00").By("d").In("E"),
         Said("referral_made", "2026-03-01 10:00").By("b").To("c").In("M"),
         Said("x", "2026-03-02 09:00").By("a").In("M"),
         Said("exception_authorised", "2026-03-02 10:00").By(row.says).Role(row.role).In("M")},
        story::BooksOf(story::Rule(rule)));
    EXPECT_EQ(story::ClockAt(picture, "2026-03-04").substr(0, 7),
              row.excused ? "excused" : "overdue")
        << row.by << " " << row.says;
  }
}

}  // namespace
}  // namespace dolen
