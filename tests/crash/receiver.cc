#include "tests/crash/receiver.h"

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/base/check.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using nlohmann::json;

constexpr int kOneInDawdles = 8;
constexpr int kLongestDawdleMs = 25;
// What a dead program had sent is read within.
constexpr absl::Duration kOnItsWay = absl::Milliseconds(10);

}  // namespace

Receiver::Receiver(uint64_t seed) : random_(seed) {
  Router router;
  router.Add("POST", "/hook",
             [this](const HttpRequest& request, const PathArguments&) { return Take(request); });
  auto server = HttpServer::ListenOnLoopback(0, std::move(router));
  DOLEN_CHECK(server.ok());
  server_ = *std::move(server);
}

std::string Receiver::WriteRouting(const std::string& folder, const std::string& agency) const {
  std::ofstream(folder + "/hook.secret") << "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\n";
  const std::string path = folder + "/routing.textproto";
  std::ofstream file(path);
  file << absl::StrCat("destination { name: \"hook\" most_in_hour: 3600 webhook {\n",
                       "  url: \"http://127.0.0.1:", server_->port(), "/hook\"\n",
                       "  secret_file: \"", folder, "/hook.secret\" } }\n", "route { for: \"",
                       agency, "\" to: \"hook\" }\n", "route { nowhere: true }\n");
  DOLEN_CHECK(file.good());
  return path;
}

void Receiver::NextLife() {
  absl::SleepFor(kOnItsWay);
  for (;; absl::SleepFor(absl::Milliseconds(1))) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (taking_ > 0) continue;
    ++life_;
    return;
  }
}

std::vector<Delivered> Receiver::delivered() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return delivered_;
}

void Receiver::Dawdle() {
  int ms = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (random_() % kOneInDawdles == 0) ms = static_cast<int>(random_() % kLongestDawdleMs);
  }
  absl::SleepFor(absl::Milliseconds(ms));
}

HttpResponse Receiver::Take(const HttpRequest& request) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++taking_;
  }
  Dawdle();
  Delivered delivered;
  const json event = json::parse(request.body, nullptr, false);
  if (event.is_object()) {
    delivered.id = event.value("id", "");
    delivered.kind = event["data"].value("kind", "");
    for (const json& alert : event["data"]["alerts"]) {
      delivered.changes.push_back({alert.value("alert_id", ""), alert.value("number", 0u)});
    }
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    delivered.life = life_;
    delivered_.push_back(std::move(delivered));
  }
  Dawdle();
  const std::lock_guard<std::mutex> lock(mutex_);
  --taking_;
  return {};
}

}  // namespace dolen
