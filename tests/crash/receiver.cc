#include "tests/crash/receiver.h"

#include <gtest/gtest.h>

#include <fstream>
#include <utility>

#include "absl/strings/numbers.h"
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

}  // namespace

Receiver::Receiver(uint64_t seed) : random_(seed) {
  Router router;
  router.Add("POST", "/lives/{life}",
             [this](const HttpRequest& request, const PathArguments& path) {
               int life = 0;
               DOLEN_CHECK(absl::SimpleAtoi(path.at("life"), &life));
               return Take(request, life);
             });
  auto server = HttpServer::ListenOnLoopback(0, std::move(router));
  DOLEN_CHECK(server.ok());
  server_ = *std::move(server);
}

void Receiver::WriteRouting(const std::string& path, const std::string& agency, int life) const {
  const std::string secret = path + ".secret";
  std::ofstream(secret) << "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\n";
  std::ofstream file(path);
  file << absl::StrCat("destination { name: \"hook\" most_in_hour: 3600 webhook {\n",
                       "  url: \"http://127.0.0.1:", server_->port(), "/lives/", life, "\"\n",
                       "  secret_file: \"", secret, "\" } }\n", "route { for: \"", agency,
                       "\" to: \"hook\" }\n", "route { nowhere: true }\n");
  DOLEN_CHECK(file.good());
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

HttpResponse Receiver::Take(const HttpRequest& request, int life) {
  Dawdle();
  Delivered delivered;
  delivered.life = life;
  const json event = json::parse(request.body, nullptr, false);
  if (event.is_object()) {
    delivered.id = event.value("id", "");
    const auto header = request.headers.find("webhook-id");
    EXPECT_TRUE(header != request.headers.end() && header->second == delivered.id);
    delivered.kind = event["data"].value("kind", "");
    for (const json& alert : event["data"]["alerts"]) {
      delivered.changes.push_back(
          {alert.value("alert_id", ""), alert.value("number", 0u), alert.value("state", "")});
    }
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    delivered_.push_back(std::move(delivered));
  }
  Dawdle();
  return {};
}

}  // namespace dolen
