#include "tests/engine/child/shard_model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "dolen/alert/v1/action.pb.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"

namespace dolen::story {

std::string RootText(const std::string& root) {
  const std::vector<std::string> parts = absl::StrSplit(root, absl::MaxSplits('\n', 1));
  uint64_t hash = Event::RootOf(parts[0], parts.back());
  if (parts[0] == "occasion") hash = Hash64("occasion", parts[1]);
  if (parts[0] == "overdue") {
    const std::vector<std::string> of = absl::StrSplit(parts[1], absl::MaxSplits('\n', 1));
    hash = Hash64(of[0], of.size() < 2 || of[1].empty() ? "0000000000000000" : RootText(of[1]));
  }
  return absl::StrFormat("%016x", hash);
}

std::string LineOf(const alert::v1::Alert& alert) {
  return absl::StrCat(
      std::string(1, "?RAKECWSGV"[alert.state()]), " ", alert.clock(), " ", alert.level(), " #",
      alert.number(), " due ", second::Micro(FromTimestamp(alert.due())), " since ",
      second::Micro(FromTimestamp(alert.since())), " by ", alert.accountable(), " at ",
      second::Micro(FromTimestamp(alert.at())),
      alert.has_answer() ? " until " + second::Micro(FromTimestamp(alert.answer().until())) : "",
      alert.assigned_to().empty() ? "" : " to " + alert.assigned_to());
}

ShardModel::Lines ShardModel::Take(const Step& step) {
  reached_ = std::max(reached_, step.written);
  Lines lines;
  switch (step.what) {
    case Step::kEvent:
      Hear(step);
      Look(step.child, false, lines);
      break;
    case Step::kTick:
      // Whoever has nothing to say is not due.
      for (size_t child = 0; child < said_.size(); ++child) Look(child, true, lines);
      break;
    case Step::kBook:
      Publish(step);
      break;
    case Step::kBackfill: {
      const ledger::v1::Fact& fact = step.record.fact();
      if (!fact.backfill_begun().empty()) {
        backfills_[fact.backfill_begun()] = absl::InfiniteFuture();
      } else {
        backfills_[fact.backfill_ended()] = reached_;
      }
      break;
    }
    case Step::kAction:
      Do(step, lines);
      Look(step.child, false, lines);
      break;
    case Step::kDuplicate:
    case Step::kConflict:
      break;
  }
  return lines;
}

void ShardModel::Know(const Step& step) {
  reached_ = std::max(reached_, step.written);
  if (step.what == Step::kEvent) Hear(step);
  if (step.what == Step::kBook) Publish(step);
}

void ShardModel::Hear(const Step& step) {
  second::Said said;
  DOLEN_CHECK(said.open.ParseFromString(step.record.event().open()));
  said.backfill = step.record.event().backfill();
  said.recorded = reached_;
  said_[step.child].push_back(std::move(said));
  alerts_[step.child].Changed();
}

void ShardModel::Publish(const Step& step) {
  second::Published published;
  DOLEN_CHECK(published.book.ParseFromString(step.record.book().book()));
  published.recorded = reached_;
  books_.push_back(std::move(published));
  library_ = second::Read(books_);
  for (second::Alerts& alerts : alerts_) alerts.Changed();
}

void ShardModel::Do(const Step& step, Lines& lines) {
  alert::v1::Action action;
  DOLEN_CHECK(action.ParseFromString(step.record.action().said()));
  const char state = "?KSGV?"[action.kind()];
  if (state == '?') return;
  std::vector<std::string> now = alerts_[step.child].Do(
      Now(step.child, false),
      {step.clock, step.level, state, FromTimestamp(action.until()), action.to()});
  if (!now.empty()) lines[step.child] = std::move(now);
}

void ShardModel::Look(int child, bool is_tick, Lines& lines) {
  for (std::string& line : alerts_[child].Look(Now(child, is_tick))) {
    lines[child].push_back(std::move(line));
  }
}

}  // namespace dolen::story
