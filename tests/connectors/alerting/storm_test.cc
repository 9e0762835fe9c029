// No storms: what would ring all night elsewhere, from the fold to the pages that are sent. Forty
// children of one team have the same step before them; alerts of a team are told together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/connectors/alerting/office.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::Said;
using story::Story;
using Kind = Notice::Kind;

constexpr int kManyChildren = 40;

pathway::v1::Book BookWith(absl::string_view limit, absl::string_view version = "1") {
  pathway::v1::Book book = story::BookOf(
      absl::StrCat(R"(rule { id: "R" accountable: "agency:a" start { is: "begun" }
                       stop { is: "done" } limit { allow { )",
                   limit, R"( } } level { name: "overdue" audience: "starter" } weight: LOCAL }
      rule { id: "QUIET" per: "agency" which: LAST start { is: "agency_heard" }
             limit { from { field: "expected_by" } allow { hours: 0 } } accountable: "starter"
             level { name: "overdue" audience: "agency:b" } weight: LOCAL })"),
      version);
  book.mutable_agency(0)->mutable_quiet_after()->set_hours(12);
  return book;
}

// The notices that leave for what the story says, as it says it.
std::vector<Notice> Left(const Story& story) {
  Office office(kTeam);
  office.now =
      FromTimestamp(story.alerts().empty() ? ToTimestamp(office.now) : story.alerts().front().at());
  std::vector<Notice> sent;
  const auto pass = [&](absl::Duration time) {
    for (Notice& notice : office.SendFor(time)) sent.push_back(std::move(notice));
  };
  for (const alert::v1::Alert& alert : story.alerts()) {
    pass(std::max(absl::ZeroDuration(), FromTimestamp(alert.at()) - office.now));
    office.Take(alert);
  }
  pass(absl::Hours(1));
  return sent;
}

int PagesIn(const std::vector<Notice>& notices) {
  return static_cast<int>(std::count_if(notices.begin(), notices.end(), [](const Notice& notice) {
    return notice.kind == Kind::kPage || notice.kind == Kind::kSummary;
  }));
}

TEST(Storm, AnAgencyThatIsSilentForAWeekendAndThenDeliversEverythingAtOnce) {
  Story story;
  story.Publish("2025-01-01", BookWith("hours: 24"));
  story.HearFrom("2026-01-09 12:00", "a");  // Friday
  for (int child = 0; child < kManyChildren; ++child) {
    story.Hear("2026-01-09 12:00", {"begun", "2026-01-09 12:00"}, child);
  }
  story.Until("2026-01-12 08:59");
  // All was done in time; that is known on Monday only.
  story.HearFrom("2026-01-12 09:00", "a");
  for (int child = 0; child < kManyChildren; ++child) {
    story.Hear("2026-01-12 09:00", {"done", "2026-01-09 18:00"}, child);
  }
  story.Until("2026-01-12 12:00");
  const std::vector<Notice> left = Left(story);
  EXPECT_EQ(PagesIn(left), 2) << "that the agency is silent, and once that steps are late";
  const auto late = std::find_if(left.begin(), left.end(),
                                 [](const Notice& notice) { return notice.team == "a"; });
  ASSERT_NE(late, left.end());
  EXPECT_EQ(late->items.size() + late->left_out, kManyChildren);
  EXPECT_EQ(left.size(), 4u) << "each ends with one message";
  EXPECT_EQ(left.back().kind, Kind::kEnded);
}

TEST(Storm, ABookThatAllowsLessThanTheOneBefore) {
  Story story;
  story.Publish("2025-01-01", BookWith("working_days: 20"));
  for (int child = 0; child < kManyChildren; ++child) {
    story.Hear("2026-01-05 12:00", {"begun", "2026-01-05 12:00"}, child);
  }
  story.Publish("2026-01-12 09:00", BookWith("working_days: 2", "2")).Until("2026-01-20");
  EXPECT_EQ(PagesIn(Left(story)), 0) << "a clock keeps the rule under which it started";
}

TEST(Storm, ARestartAfterADay) {
  Story story;
  story.Publish("2025-01-01", BookWith("hours: 24"));
  for (int child = 0; child < kManyChildren; ++child) {
    story.Hear(absl::StrCat("2026-01-05 ", 10 + child / 10, ":", 10 + child % 10),
               {"begun", absl::StrCat("2026-01-05 ", 10 + child / 10, ":", 10 + child % 10)},
               child);
  }
  // Nobody ticks on the sixth; then all that fell due meanwhile is told by one tick.
  story.Reopen();
  ASSERT_TRUE(story.Tick(story::At("2026-01-07 09:00")).ok());
  const std::vector<Notice> left = Left(story);
  EXPECT_EQ(PagesIn(left), 1);
  EXPECT_EQ(left.front().items.size() + left.front().left_out, kManyChildren);
}

TEST(Storm, ABackfillOfTenYears) {
  Story story;
  story.Publish("2025-01-01", BookWith("hours: 24")).BeginBackfill("2026-01-05 09:00", "old");
  for (int year = 2016; year < 2026; ++year) {
    for (int child = 0; child < kManyChildren; ++child) {
      story.Hear("2026-01-05 10:00",
                 Said("begun", absl::StrCat(year, "-03-0", 1 + child % 9))
                     .In(absl::StrCat(year))
                     .With("old"),
                 child);
    }
  }
  story.EndBackfill("2026-01-05 18:00", "old").Until("2026-02-01");
  EXPECT_EQ(PagesIn(Left(story)), 0);
  story.Hear("2026-02-01 10:00", {"begun", "2026-02-01 10:00"}).Until("2026-02-03");
  EXPECT_EQ(PagesIn(Left(story)), 1) << "what begins after it is told as ever";
}

}  // namespace
}  // namespace dolen
