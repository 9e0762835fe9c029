// What a fold takes up besides events of agencies: what people do with alerts, what became of the
// messages that told them, and that an agency was heard. All of it goes on the trail, or into the
// agency's own row; only actions and silence change what is said.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dolen/alert/v1/action.pb.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/answer.h"
#include "engine/shard/fold.h"
#include "engine/store/keys.h"

namespace dolen {

absl::StatusOr<bool> Fold::IsTakenUp(const ChildKey& child, absl::string_view id) {
  const std::string hex = ShortSha256Hex(id);
  const std::string key = keys::TakenUp(child, absl::HexStringToBytes(hex));
  if (taken_up_.contains(key)) return true;
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row, store_->Get(key));
  if (row) return true;
  taken_up_.insert(key);
  batch_.Put(key, "");
  return false;
}

void Fold::PutTrail(const ChildKey& child, store::v1::TrailRow row) {
  row.set_recorded(row_.reached());
  batch_.Put(keys::Trail(child, next_offset(), trail_lines_++), row.SerializeAsString());
}

absl::Status Fold::ApplyAction(const ledger::v1::Action& action, int64_t position) {
  row_.mutable_counts()->set_actions(row_.counts().actions() + 1);
  ChildKey key;
  alert::v1::Action said;
  if (!ChildKey::FromBytes(action.child(), key) || !said.ParseFromString(action.said())) {
    return absl::DataLossError(absl::StrCat("ledger partition ", options_.shard, " offset ",
                                            position, ": an action without child or content"));
  }
  DOLEN_ASSIGN_OR_RETURN(const bool is_known,
                         IsTakenUp(key, absl::StrCat("action\n", said.action_id())));
  if (is_known) return absl::OkStatus();
  store::v1::TrailRow line;
  line.set_action(action.said());
  PutTrail(key, std::move(line));
  DOLEN_ASSIGN_OR_RETURN(Children::Child * child, children_.Find(key));
  if (child->state.alerts.empty()) return absl::OkStatus();
  children_.Change(*child);
  std::vector<alert::v1::Alert> changes =
      TakeAction(said, key, books_, reached(), child->state.alerts);
  TellChanges(*child, changes);
  return LookAgain(*child, MayRaise::kNo, reached());
}

absl::Status Fold::ApplyReceipt(const ledger::v1::Receipt& receipt, int64_t position) {
  row_.mutable_counts()->set_facts(row_.counts().facts() + 1);
  ChildKey key;
  alert::v1::Receipt said;
  if (!ChildKey::FromBytes(receipt.child(), key) || !said.ParseFromString(receipt.said())) {
    return absl::DataLossError(absl::StrCat("ledger partition ", options_.shard, " offset ",
                                            position, ": a receipt without child or content"));
  }
  DOLEN_ASSIGN_OR_RETURN(
      const bool is_known,
      IsTakenUp(key, absl::StrCat("receipt\n", said.alert_id(), "\n", said.number(), "\n",
                                  said.destination(), "\n", said.outcome())));
  if (is_known) return absl::OkStatus();
  store::v1::TrailRow line;
  line.set_receipt(receipt.said());
  PutTrail(key, std::move(line));
  return absl::OkStatus();
}

absl::Status Fold::ApplyHeard(const ledger::v1::Heard& heard, int64_t position) {
  row_.mutable_counts()->set_facts(row_.counts().facts() + 1);
  const ChildKey key = AgencyKey(heard.agency());
  agencies_.Hear(heard.agency(), position, reached(), books_, batch_);
  DOLEN_ASSIGN_OR_RETURN(Children::Child * agency, children_.Find(key));
  children_.Change(*agency);
  DOLEN_RETURN_IF_ERROR(DrawAgain(*agency));
  // It is later than all before; but a silence that it ends began before it.
  return Say(*agency, MayRaise::kNo, absl::InfinitePast(), reached());
}

}  // namespace dolen
