// An agency that is not heard, as stories.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "engine/base/digest.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using testing::ElementsAre;

class Silence : public testing::Test {
 protected:
  Silence() {
    pathway::v1::Book book = BookOf(R"(rule { id: "QUIET" per: "agency" which: LAST
        start { is: "agency_heard" } limit { from { field: "expected_by" } allow { hours: 0 } }
        accountable: "starter" level { name: "overdue" audience: "starter" } })");
    book.mutable_agency(0)->mutable_quiet_after()->set_hours(6);
    story_.Publish("2025-01-01", book);
    name_ = book.agency(0).id();
  }
  void Hear(absl::string_view at) { story_.HearFrom(at, name_); }
  std::vector<std::string> told() const { return story_.ToldOf(AgencyKey(name_)); }

  Story story_;
  std::string name_;
};

TEST_F(Silence, IsToldOnceAndClearedWhenTheAgencyIsHeardAgain) {
  Hear("2026-01-05 09:00");
  Hear("2026-01-05 10:00");
  story_.Until("2026-01-06 09:00");
  EXPECT_THAT(told(), ElementsAre("R overdue 2026-01-05 16:00"));
  const alert::v1::Alert& alert = story_.alerts().back();
  EXPECT_EQ(alert.about(), alert::v1::ABOUT_SILENCE);
  EXPECT_EQ(alert.silent_agency(), name_);
  EXPECT_EQ(alert.accountable(), name_);
  for (int minute = 0; minute < 30; ++minute) Hear(absl::StrFormat("2026-01-06 09:%02d", minute));
  story_.Until("2026-01-06 12:00");
  EXPECT_THAT(told(), ElementsAre("R overdue 2026-01-05 16:00", "C overdue 2026-01-06 09:00"));
}

TEST_F(Silence, ComesAgainUnderTheSameAlert) {
  Hear("2026-01-05 09:00");
  story_.Until("2026-01-06 09:00");
  Hear("2026-01-06 09:00");
  story_.Until("2026-01-07 09:00");
  Hear("2026-01-07 09:00");
  EXPECT_THAT(told(), ElementsAre("R overdue 2026-01-05 15:00", "C overdue 2026-01-06 09:00",
                                  "R overdue 2026-01-06 15:00", "C overdue 2026-01-07 09:00"));
  EXPECT_EQ(story_.alerts().front().alert_id(), story_.alerts().back().alert_id());
}

TEST_F(Silence, SurvivesARestartAndANewBook) {
  Hear("2026-01-05 09:00");
  story_.Reopen();
  story_.Until("2026-01-05 16:00");
  Hear("2026-01-05 17:00");
  pathway::v1::Book other = BookOf("");
  other.set_id("other");
  other.clear_agency();  // the newest book that names an agency says how long it may be silent
  story_.Reopen();
  story_.Publish("2026-01-05 18:00", other).Until("2026-01-05 20:00");
  EXPECT_THAT(told(), ElementsAre("R overdue 2026-01-05 15:00", "C overdue 2026-01-05 17:00"))
      << "what was said of it stands";
  Hear("2026-01-05 20:00");
  story_.Until("2026-01-06 09:00");
  EXPECT_EQ(told().back(), "R overdue 2026-01-06 02:00");
}

}  // namespace
}  // namespace dolen::story
