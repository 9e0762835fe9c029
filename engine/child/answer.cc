#include "engine/child/answer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/types/optional.h"
#include "engine/base/time.h"
#include "engine/child/due.h"

namespace dolen {
namespace {

using alert::v1::Action;
using alert::v1::Answer;

// When an acknowledgement of this level, given at `from`, runs out.
absl::Time RunsOut(const Told& told, const Books& books, absl::Time from) {
  const pathway::v1::Level* level = LevelOf(told, books);
  if (level == nullptr || !level->has_ack_expires()) return from + kAckExpires;
  const absl::optional<absl::Time> end =
      EndOf(level->ack_expires(), from,
            {books.ZoneOf(*VersionOf(told, books)), books.WorkingDaysOf(told.accountable),
             books.SchoolDaysOf(told.accountable)});
  return end.value_or(from + kAckExpires);
}

struct Said {
  alert::v1::State state = alert::v1::STATE_UNSPECIFIED;
  Answer::Kind answer = Answer::KIND_UNSPECIFIED;
};

Said SaidBy(const Action& action) {
  switch (action.kind()) {
    case Action::KIND_ACKNOWLEDGED:
      return {alert::v1::STATE_ACKNOWLEDGED, Answer::KIND_ACKNOWLEDGED};
    case Action::KIND_SNOOZED:
      return {alert::v1::STATE_SNOOZED, Answer::KIND_SNOOZED};
    case Action::KIND_RESOLVED:
      return {alert::v1::STATE_RESOLVED, Answer::KIND_RESOLVED};
    case Action::KIND_ASSIGNED:
      return {alert::v1::STATE_ASSIGNED, Answer::KIND_UNSPECIFIED};
    default:
      return {};
  }
}

}  // namespace

std::vector<alert::v1::Alert> TakeAction(const Action& action, const ChildKey& child,
                                         const Books& books, absl::Time reached, Alerts& alerts) {
  std::vector<alert::v1::Alert> changes;
  const Said said = SaidBy(action);
  const bool snoozes = said.answer == Answer::KIND_SNOOZED;
  const absl::Time until = snoozes ? FromTimestamp(action.until()) : absl::InfinitePast();
  if (said.state == alert::v1::STATE_UNSPECIFIED || (snoozes && until <= reached)) return changes;
  const auto named = std::find_if(alerts.begin(), alerts.end(), [&](const Told& told) {
    return told.IsOpen() && AlertId(child, told.clock, told.level) == action.alert_id();
  });
  if (named == alerts.end()) return changes;
  const std::string clock = named->clock;
  for (Told& told : alerts) {
    if (told.clock != clock || !told.IsOpen()) continue;
    told.state = said.state;
    ++told.number;
    told.answer = said.answer;
    if (said.state == alert::v1::STATE_ASSIGNED) {
      told.assigned_to = action.to();
    } else {
      told.answered = reached;
      told.until = snoozes ? until : RunsOut(told, books, reached);
    }
    *changes.emplace_back(AlertOf(child, told, books)).mutable_at() = ToTimestamp(reached);
  }
  return changes;
}

}  // namespace dolen
