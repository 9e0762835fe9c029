#include "connectors/alerting/planner.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

constexpr int kDefaultHeartbeat = 60;  // seconds

absl::Duration HeartbeatTo(const routing::v1::Routing& file, const std::string& destination) {
  const auto& to = file.heartbeat().to();
  if (std::find(to.begin(), to.end(), destination) == to.end()) return absl::InfiniteDuration();
  const uint32_t every = file.heartbeat().every_seconds();
  return absl::Seconds(every > 0 ? every : uint32_t{kDefaultHeartbeat});
}

}  // namespace

Planner::Planner(routing::v1::Routing file, const absl::btree_map<std::string, Traits>& traits,
                 LinkTo link)
    : routes_(std::move(file)), office_{{}, routes_, std::move(link), {}} {
  for (const routing::v1::Destination& destination : routes_.file().destination()) {
    const auto found = traits.find(destination.name());
    DOLEN_CHECK(found != traits.end());
    Desk::Setup setup;
    setup.name = destination.name();
    setup.takes_groups = found->second.takes_groups;
    setup.repeat_every = found->second.repeat_every;
    setup.most_in_hour = static_cast<int>(destination.most_in_hour());
    setup.heartbeat_every = HeartbeatTo(routes_.file(), destination.name());
    desks_[destination.name()] = std::make_unique<Desk>(std::move(setup), &office_);
  }
}

void Planner::Recall(const Remembered& remembered) {
  for (const auto& [of, placed] : remembered.legs) {
    const auto desk = desks_.find(of.first);
    if (desk != desks_.end()) {
      desk->second->RecallLeg(of.second, placed.partition, placed.value);
    } else {
      office_.alerts.Hold(of.second, placed.partition);
      orphans_.push_back({of.first, of.second, placed.value});
    }
  }
  for (const auto& [of, placed] : remembered.sealed) {
    const auto desk = desks_.find(of.first);
    if (desk != desks_.end()) {
      desk->second->RecallSealed(of.second, placed.value);
    } else {
      office_.journal.push_back({placed.partition, NotSealedRecord(of.first, of.second)});
    }
  }
  for (const auto& [destination, sendings] : remembered.sendings) {
    const auto desk = desks_.find(destination);
    if (desk != desks_.end()) desk->second->RecallSendings(sendings);
  }
}

void Planner::Know(int32_t partition, const alert::v1::Alert& alert) {
  office_.alerts.Take(partition, alert);
  office_.alerts.Tidy(alert.alert_id());
}

absl::Status Planner::Begin(absl::Time now) {
  for (const auto& [alert_id, known] : office_.alerts.all()) {
    if (known.alert.number() > 0) {
      if (!IsOver(known.alert)) WaysOf(known.alert, now);
      continue;
    }
    return absl::DataLossError(
        absl::StrCat("alert ", alert_id, " is to be told and is not in the alerts topic"));
  }
  for (const Orphan& orphan : orphans_) GiveUp(orphan, now);
  orphans_.clear();
  for (auto& [name, desk] : desks_) {
    Way found;
    desk->Begin(now, [&, &to = name](const alert::v1::Alert& alert) -> const Way* {
      Ways ways = WaysOf(alert, now);
      const auto way = ways.find(to);
      if (way == ways.end()) return nullptr;
      found = way->second;
      return &found;
    });
  }
  return absl::OkStatus();
}

void Planner::GiveUp(const Orphan& orphan, absl::Time now) {
  const KnownAlerts::Known& known = *office_.alerts.Find(orphan.alert_id);
  const int32_t partition = known.partition;
  if (orphan.leg.owed && !orphan.leg.dead) {
    alert::v1::Receipt receipt;
    receipt.set_alert_id(orphan.alert_id);
    receipt.set_child(known.alert.child());
    receipt.set_destination(orphan.destination);
    receipt.set_number(orphan.leg.number);
    receipt.set_outcome(alert::v1::Receipt::OUTCOME_DEAD);
    receipt.set_answer("the routing file does not name the destination any more");
    receipt.set_attempts(orphan.leg.attempts);
    *receipt.mutable_at() = ToTimestamp(now);
    office_.journal.push_back({partition, ReceiptRecord(receipt)});
  }
  office_.journal.push_back({partition, NoLegRecord(orphan.destination, orphan.alert_id)});
  office_.alerts.Release(orphan.alert_id);
}

Planner::Ways Planner::WaysOf(const alert::v1::Alert& alert, absl::Time now) {
  Ways best;
  bool unrouted = false;
  for (const Way& way : routes_.Decide(alert, now)) {
    unrouted |= way.route < 0;
    for (const std::string& destination : way.destinations) {
      const auto [there, added] = best.try_emplace(destination, way);
      if (!added &&
          std::tie(way.digest, way.due) < std::tie(there->second.digest, there->second.due)) {
        there->second = way;
      }
    }
  }
  if (unrouted) {
    unrouted_.insert(alert.alert_id());
  } else {
    unrouted_.erase(alert.alert_id());
  }
  return best;
}

void Planner::Take(int32_t partition, const alert::v1::Alert& alert, absl::Time now) {
  const KnownAlerts::News news = office_.alerts.Take(partition, alert);
  if (news == KnownAlerts::News::kOld) {
    office_.alerts.Tidy(alert.alert_id());
    return;
  }
  const Ways ways = WaysOf(alert, now);
  if (IsOver(alert)) unrouted_.erase(alert.alert_id());
  for (auto& [name, desk] : desks_) {
    const auto way = ways.find(name);
    desk->Take(
        {alert, way == ways.end() ? nullptr : &way->second, news == KnownAlerts::News::kMissed},
        now);
  }
  office_.alerts.Tidy(alert.alert_id());
}

absl::StatusOr<int> Planner::SendAgain(const std::string& destination, absl::Time now) {
  const auto desk = desks_.find(destination);
  if (desk != desks_.end()) return desk->second->SendAgain(now);
  return absl::NotFoundError(
      absl::StrCat("the routing file names no destination \"", destination, "\""));
}

Step Planner::TakeStep() {
  Step step;
  step.writes.swap(office_.journal);
  return step;
}

NotifierStatus Planner::Status() const {
  NotifierStatus status;
  for (const auto& [name, desk] : desks_) status.destinations.push_back(desk->Status());
  status.unrouted = static_cast<int64_t>(unrouted_.size());
  return status;
}

}  // namespace dolen
