#include "tests/crash/on_call.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "connectors/http/client.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"
#include "tests/crash/program.h"

namespace dolen {
namespace {

using nlohmann::json;

constexpr absl::Duration kPace = absl::Milliseconds(5);
constexpr absl::Duration kAnswer = absl::Seconds(30);

}  // namespace

OnCall::OnCall(std::string socket, uint64_t seed)
    : socket_(std::move(socket)), random_(seed), thread_([this] { Run(); }) {}

OnCall::~OnCall() { Finish(); }

void OnCall::Finish() {
  ending_ = true;
  if (thread_.joinable()) thread_.join();
}

void OnCall::Run() {
  for (; !ending_; absl::SleepFor(kPace)) {
    const std::string alert = SomeAlert();
    if (!alert.empty()) Answer(alert);
  }
}

std::string OnCall::SomeAlert() {
  HttpRequest request;
  request.path = {"v1", "alerts"};
  request.query = {{"format", "json"}, {"limit", "200"}};
  const absl::StatusOr<HttpResponse> response = HttpCall(socket_, request, kAnswer);
  if (!response.ok() || response->status != 200) return "";
  const std::vector<std::string> lines = LinesOf(response->body);
  if (lines.empty()) return "";
  const json alert = json::parse(lines[random_() % lines.size()], nullptr, false);
  return alert.is_object() ? alert.value("alert_id", "") : "";
}

void OnCall::Answer(const std::string& alert) {
  const char* const deeds[] = {"acknowledged", "snoozed", "assigned", "resolved", "noted"};
  const json body = {{"did", deeds[random_() % 5]},
                     {"alerts", {alert}},
                     {"by", "sian"},
                     {"note", "in a test"},
                     {"until", Rfc3339(absl::Now() + absl::Hours(5))},
                     {"to", "beta/duty_team"}};
  HttpRequest request;
  request.method = "POST";
  request.path = {"v1", "alerts", "actions"};
  request.query["format"] = "json";
  request.content_type = "application/json";
  request.body = body.dump();
  const absl::StatusOr<HttpResponse> response = HttpCall(socket_, request, kAnswer);
  if (!response.ok() || response->status != 200) return;  // whether it counts is not known
  for (const std::string& line : LinesOf(response->body)) {
    const json action = json::parse(line, nullptr, false);
    if (action.is_object()) confirmed_.insert(action.value("action_id", ""));
  }
}

}  // namespace dolen
