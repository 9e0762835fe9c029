#include "engine/admission/reply.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "dolen/alert/v1/action.pb.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/text.h"
#include "engine/base/limits.h"
#include "engine/base/names.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using alert::v1::Action;
using alert::v1::Receipt;

// Collects the first thing that is wrong.
class Checks {
 public:
  bool Is(bool good, Reason reason, absl::string_view field) {
    if (!good && !wrong_) rejection_ = Reject(reason, field);
    wrong_ |= !good;
    return good;
  }
  bool Text(absl::string_view text, TextClass text_class, size_t most, absl::string_view field) {
    switch (CheckText(text, text_class)) {
      case TextFault::kInvalidUtf8:
        return Is(false, Reason::kInvalidUtf8, field);
      case TextFault::kControl:
        return Is(false, Reason::kControlCharacters, field);
      case TextFault::kInvisible:
        return Is(false, Reason::kInvisibleCharacters, field);
      case TextFault::kNone:
        break;
    }
    const Reason too_long =
        text_class == TextClass::kProse ? Reason::kTextTooLong : Reason::kIdTooLong;
    return Is(text.size() <= most, too_long, field);
  }
  bool Id(absl::string_view text, absl::string_view field) {
    return Text(text, TextClass::kId, kMaxId, field);
  }
  // Which alert it is, as the alerts topic names it.
  void Alert(absl::string_view alert_id, absl::string_view child, ChildKey& key) {
    ChildKey id;  // of the same shape
    Is(ChildKey::FromHex(alert_id, id), Reason::kBadAlertId, "alert_id");
    Is(ChildKey::FromHex(child, key), Reason::kBadAlertId, "child");
  }

  bool wrong() const { return wrong_; }
  Rejection&& rejection() { return std::move(rejection_); }

 private:
  bool wrong_ = false;
  Rejection rejection_;
};

// "AGENCY" or "AGENCY/TEAM".
bool IsAddressee(absl::string_view to) {
  const size_t slash = to.find('/');
  if (slash == absl::string_view::npos) return !to.empty();
  return slash > 0 && IsSnakeCase(to.substr(slash + 1));
}

void CheckAction(const Action& action, absl::Time now, Checks& checks) {
  checks.Is(!action.action_id().empty(), Reason::kMissingActionId, "action_id");
  checks.Id(action.action_id(), "action_id");
  checks.Is(action.kind() != Action::KIND_UNSPECIFIED && Action::Kind_IsValid(action.kind()),
            Reason::kUnknownAction, "kind");
  checks.Is(!action.by().empty(), Reason::kMissingBy, "by");
  checks.Id(action.by(), "by");
  if (action.kind() == Action::KIND_SNOOZED) {
    const absl::Time until = FromTimestamp(action.until());
    checks.Is(action.has_until() && until > now && until <= now + kLongestSnooze,
              Reason::kBadSnooze, "until");
  }
  if (action.kind() == Action::KIND_ASSIGNED) {
    checks.Is(IsAddressee(action.to()), Reason::kBadAssignee, "to");
  }
  checks.Id(action.to(), "to");
  const bool needs_note = action.kind() == Action::KIND_SNOOZED ||
                          action.kind() == Action::KIND_RESOLVED ||
                          action.kind() == Action::KIND_NOTED;
  checks.Is(!needs_note || !absl::StripAsciiWhitespace(action.note()).empty(), Reason::kMissingNote,
            "note");
  checks.Text(action.note(), TextClass::kProse, kMaxText, "note");
}

void CheckReceipt(const Receipt& receipt, Checks& checks) {
  checks.Is(receipt.number() > 0, Reason::kBadReceipt, "number");
  checks.Is(receipt.outcome() != Receipt::OUTCOME_UNSPECIFIED &&
                Receipt::Outcome_IsValid(receipt.outcome()),
            Reason::kBadReceipt, "outcome");
  checks.Is(IsSnakeCase(receipt.destination()), Reason::kBadReceipt, "destination");
  checks.Id(receipt.destination(), "destination");
  checks.Id(receipt.message_id(), "message_id");
  checks.Text(receipt.answer(), TextClass::kProse, kMaxText, "answer");
}

}  // namespace

absl::variant<CheckedReply, Rejection> CheckReply(const Received& received, absl::Time now) {
  if (received.tombstone) return Reject(Reason::kTombstone);
  if (received.value.empty()) return Reject(Reason::kEmpty);
  if (received.value.size() > kMaxEventBytes) return Reject(Reason::kTooLarge);
  Checks checks;
  CheckedReply reply;
  const int size = static_cast<int>(received.value.size());
  if (received.speaker == Speaker::kPeople) {
    Action action;
    if (!action.ParseFromArray(received.value.data(), size)) return Reject(Reason::kMalformed);
    checks.Alert(action.alert_id(), action.child(), reply.child);
    CheckAction(action, now, checks);
  } else {
    Receipt receipt;
    if (!receipt.ParseFromArray(received.value.data(), size)) return Reject(Reason::kMalformed);
    checks.Alert(receipt.alert_id(), receipt.child(), reply.child);
    CheckReceipt(receipt, checks);
  }
  if (checks.wrong()) return checks.rejection();
  return reply;
}

std::string ReplyRecord(const Received& received, const CheckedReply& reply, absl::Time written) {
  ledger::v1::Record record;
  record.set_written(Micros(written));
  const auto fill = [&](auto& said) {
    said.set_said(received.value.data(), received.value.size());
    said.set_child(reply.child.bytes().data(), ChildKey::kBytes);
    said.mutable_intake()->set_topic(std::string(received.intake.topic));
    said.mutable_intake()->set_partition(received.intake.partition);
    said.mutable_intake()->set_offset(received.intake.offset);
  };
  if (received.speaker == Speaker::kPeople) {
    fill(*record.mutable_action());
  } else {
    fill(*record.mutable_receipt());
  }
  return record.SerializeAsString();
}

}  // namespace dolen
