#include "projections/alerts/trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using alert::v1::Action;
using testing::ElementsAre;

std::string What(const TrailLine& line) {
  if (const auto* change = absl::get_if<alert::v1::Alert>(&line.what)) {
    return alert::v1::State_Name(change->state());
  }
  if (const auto* action = absl::get_if<Action>(&line.what)) {
    return absl::StrCat(Action::Kind_Name(action->kind()), " ", action->by(), " ", action->note());
  }
  return absl::StrCat("receipt of ", absl::get<alert::v1::Receipt>(line.what).destination());
}

ledger::v1::Record ReceiptRecord(const std::string& alert_id) {
  alert::v1::Receipt receipt;
  receipt.set_alert_id(alert_id);
  receipt.set_number(1);
  receipt.set_destination("pager");
  receipt.set_outcome(alert::v1::Receipt::OUTCOME_DELIVERED);
  ledger::v1::Record record;
  record.mutable_receipt()->set_said(receipt.SerializeAsString());
  record.mutable_receipt()->set_child(std::string(Story::Child(0).bytes()));
  return record;
}

TEST(Trail, HoldsWhatWasSaidWhatPeopleDidAndWhatBecameOfMessages) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(Rule(R"(start { is: "begun" } limit { allow { hours: 24 } })")))
      .Hear("2026-01-04 12:00", {"begun", "2026-01-04 12:00"})
      .Until("2026-01-05 13:00")
      .Act("2026-01-05 13:00", "overdue", Action::KIND_ACKNOWLEDGED);
  Action note = story.ActionOn("overdue", Action::KIND_NOTED);
  note.set_note("asked the school");
  story.Act("2026-01-05 13:30", note);
  EXPECT_TRUE(story.Tell(At("2026-01-05 13:40"), ReceiptRecord(note.alert_id())).ok());
  // The notifier says it again, after a crash.
  EXPECT_TRUE(story.Tell(At("2026-01-05 13:45"), ReceiptRecord(note.alert_id())).ok());

  const auto trail = TrailOf(story.store(), Story::Child(0), note.alert_id());
  ASSERT_TRUE(trail.ok()) << trail.status();
  std::vector<std::string> lines;
  for (const TrailLine& line : *trail) {
    lines.push_back(absl::StrCat(Text(line.recorded), " ", What(line)));
  }
  EXPECT_THAT(lines, ElementsAre("2026-01-05 12:00 STATE_RAISED",
                                 "2026-01-05 13:00 KIND_ACKNOWLEDGED sian ",
                                 "2026-01-05 13:00 STATE_ACKNOWLEDGED",
                                 "2026-01-05 13:30 KIND_NOTED sian asked the school",
                                 "2026-01-05 13:40 receipt of pager"));
  EXPECT_EQ(TrailOf(story.store(), Story::Child(0), "")->size(), 5);
  EXPECT_EQ(TrailOf(story.store(), Story::Child(0), "another")->size(), 0);
  EXPECT_EQ(TrailOf(story.store(), Story::Child(1), "")->size(), 0);
}

}  // namespace
}  // namespace dolen::story
