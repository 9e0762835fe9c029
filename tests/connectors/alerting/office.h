// A planner in simulated time, without a log: what it writes is kept, and is all that a restart
// has.
#ifndef DOLEN_TESTS_CONNECTORS_ALERTING_OFFICE_H_
#define DOLEN_TESTS_CONNECTORS_ALERTING_OFFICE_H_

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "connectors/alerting/planner.h"
#include "tests/connectors/alerting/helpers.h"

namespace dolen {

// A planner, its time, and what its destinations took.
class Office {
 public:
  explicit Office(absl::string_view file, const std::string& without_groups = "",
                  absl::Duration repeat = absl::InfiniteDuration())
      : file_(FileOf(file)) {
    for (const auto& destination : file_.destination()) {
      const bool groups = destination.name() != without_groups;
      traits_[destination.name()] = {groups, groups ? absl::InfiniteDuration() : repeat};
    }
    planner_ = std::make_unique<Planner>(
        file_, traits_, [](const alert::v1::Alert& alert) { return "link/" + alert.alert_id(); });
    DOLEN_CHECK(planner_->Begin(now).ok());
  }

  void Take(const alert::v1::Alert& alert) { planner_->Take(0, alert, now); }
  void Take(absl::string_view id, uint32_t number, alert::v1::State state) {
    alert::v1::Alert alert = RaisedAlert(id, number, state);
    if (IsAnswer(alert)) alert.mutable_answer();
    Take(alert);
  }
  // Carries out what is due; the notices that were sent.
  std::vector<Notice> Send(const std::string& to = "desk",
                           const Delivery& answer = {Delivery::Outcome::kTaken, "ok", {}, false}) {
    std::vector<Notice> sent;
    while (absl::optional<Task> task = planner_->Next(to, now, /*well=*/true)) {
      if (task->notice.has_value()) {
        sent.push_back(*task->notice);
      } else {
        repeated.push_back({});
        for (const Notice::Item& item : task->open) {
          repeated.back().push_back(item.alert.alert_id());
        }
      }
      planner_->Answered(to, answer, now);
    }
    for (const Write& write : planner_->TakeStep().writes) Keep(write);
    return sent;
  }
  void Pass(absl::Duration time) { now += time; }
  // Sends whatever becomes due in this time, when it does.
  std::vector<Notice> SendFor(absl::Duration time, const std::string& to = "desk") {
    const absl::Time end = now + time;
    std::vector<Notice> sent;
    for (;;) {
      for (Notice& notice : Send(to)) sent.push_back(std::move(notice));
      const absl::Time next = planner_->NextDue(to);
      if (next > end) break;
      DOLEN_CHECK(next > now);
      now = next;
    }
    now = end;
    return sent;
  }
  // The same after a restart: all that is kept is what was written.
  void Restart(const std::vector<alert::v1::Alert>& known) {
    for (const Write& write : planner_->TakeStep().writes) Keep(write);
    planner_ = std::make_unique<Planner>(file_, traits_,
                                         [](const alert::v1::Alert&) { return std::string(); });
    planner_->Recall(remembered_);
    for (const alert::v1::Alert& alert : known) planner_->Know(0, alert);
    DOLEN_CHECK(planner_->Begin(now).ok());
  }
  std::vector<std::string> Outcomes() const {
    std::vector<std::string> said;
    for (const alert::v1::Receipt& receipt : receipts) {
      said.push_back(absl::StrCat(receipt.alert_id(), receipt.number(), " ",
                                  alert::v1::Receipt::Outcome_Name(receipt.outcome()).substr(8)));
    }
    return said;
  }
  DestinationStatus Status() const { return planner_->Status().destinations[0]; }
  Planner& planner() { return *planner_; }

  absl::Time now = At("2026-11-26T10:00:00Z");
  std::vector<alert::v1::Receipt> receipts;
  std::vector<std::vector<std::string>> repeated;

 private:
  void Keep(const Write& write) {
    Entry entry;
    entry.key = write.entry.key;
    entry.value = write.entry.value;
    entry.tombstone = write.entry.tombstone;
    DOLEN_CHECK(remembered_.Add(0, entry).ok());
    if (!IsReceipt(entry)) return;
    receipts.emplace_back();
    DOLEN_CHECK(receipts.back().ParseFromString(write.entry.value));
    EXPECT_EQ(write.entry.key, receipts.back().destination() + "/" + receipts.back().alert_id());
  }

  const routing::v1::Routing file_;
  absl::btree_map<std::string, Planner::Traits> traits_;
  std::unique_ptr<Planner> planner_;
  Remembered remembered_;
};

inline constexpr char kEach[] = R"(
destination { name: "desk" log_line {} }
route { to: "desk" })";
inline constexpr char kHousehold[] = R"(
destination { name: "desk" log_line {} }
route { group: HOUSEHOLD to: "desk" })";
inline constexpr char kTeam[] = R"(
destination { name: "desk" log_line {} }
route { group: TEAM to: "desk" })";
inline const Delivery kLater = {Delivery::Outcome::kTryLater, "503", {}, false};
inline const Delivery kRefused = {Delivery::Outcome::kRefused, "400", {}, false};

inline std::vector<Notice::Kind> Kinds(const std::vector<Notice>& notices) {
  std::vector<Notice::Kind> kinds;
  for (const Notice& notice : notices) kinds.push_back(notice.kind);
  return kinds;
}

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_ALERTING_OFFICE_H_
