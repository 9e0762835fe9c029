// The trail of an alert as JSON and for a terminal.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"
#include "projections/alerts/trail.h"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;
using alert::v1::Action;
using alert::v1::Alert;
using alert::v1::Receipt;

// "KIND_ACKNOWLEDGED" is "acknowledged".
std::string Word(absl::string_view name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}
std::string KindWord(const Action& action) {
  return Word(Action::Kind_Name(action.kind()), "KIND_");
}
std::string OutcomeWord(const Receipt& receipt) {
  return Word(Receipt::Outcome_Name(receipt.outcome()), "OUTCOME_");
}

Json ToJson(const Alert& change) {
  Json json = {{"state", StateText(change.state())},
               {"number", change.number()},
               {"due", Rfc3339(FromTimestamp(change.due()))},
               {"accountable", change.accountable()},
               {"to", std::vector<std::string>(change.to().begin(), change.to().end())}};
  if (change.has_answer()) json["until"] = Rfc3339(FromTimestamp(change.answer().until()));
  if (!change.assigned_to().empty()) json["assigned_to"] = change.assigned_to();
  return json;
}

Json ToJson(const Action& action) {
  Json json = {{"did", KindWord(action)}, {"by", action.by()}};
  if (action.has_at()) json["at"] = Rfc3339(FromTimestamp(action.at()));
  if (action.has_until()) json["until"] = Rfc3339(FromTimestamp(action.until()));
  if (!action.to().empty()) json["to"] = action.to();
  if (!action.note().empty()) json["note"] = action.note();
  return json;
}

Json ToJson(const Receipt& receipt) {
  return {{"number", receipt.number()},      {"destination", receipt.destination()},
          {"outcome", OutcomeWord(receipt)}, {"attempts", receipt.attempts()},
          {"answer", receipt.answer()},      {"message_id", receipt.message_id()}};
}

std::string ToText(const Alert& change) {
  return absl::StrCat(
      "#", change.number(), " ", StateText(change.state()), ", due ",
      Rfc3339(FromTimestamp(change.due())),
      change.has_answer() ? ", until " + Rfc3339(FromTimestamp(change.answer().until())) : "");
}

std::string ToText(const Action& action) {
  return absl::StrCat("   ", action.by(), " ", KindWord(action),
                      action.has_until() ? " until " + Rfc3339(FromTimestamp(action.until())) : "",
                      action.to().empty() ? "" : " to " + action.to(),
                      action.note().empty() ? "" : ": " + action.note());
}

std::string ToText(const Receipt& receipt) {
  return absl::StrCat("   #", receipt.number(), " ", OutcomeWord(receipt), " by ",
                      receipt.destination(), receipt.answer().empty() ? "" : ": ",
                      receipt.answer());
}

absl::string_view What(const Alert&) { return "change"; }
absl::string_view What(const Action&) { return "action"; }
absl::string_view What(const Receipt&) { return "receipt"; }

}  // namespace

std::string TrailLineJson(const TrailLine& line) {
  Json json = {{"at", Rfc3339(line.recorded)}};
  absl::visit([&](const auto& what) { json[std::string(What(what))] = ToJson(what); }, line.what);
  return json.dump();
}

std::string TrailLineText(const TrailLine& line) {
  return absl::StrCat(Rfc3339(line.recorded), "  ",
                      absl::visit([](const auto& what) { return ToText(what); }, line.what));
}

}  // namespace dolen
