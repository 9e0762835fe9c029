#include "tests/crash/harness.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "connectors/http/client.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using nlohmann::json;

constexpr absl::Duration kPace = absl::Milliseconds(10);  // between batches: some 2,000 values/s
constexpr char kRouted[] = "gamma";  // the agency whose alerts go to the receiver ...
constexpr absl::Duration kRoutedPace = absl::Milliseconds(400);  // ... and how often it speaks
constexpr absl::Duration kAnswer = absl::Seconds(90);            // longer than a broker's restart
constexpr absl::Duration kCalm = absl::Seconds(3);  // nothing changes for so long: settled
constexpr absl::Duration kSettling = absl::Seconds(180);
constexpr absl::Duration kMedianRecovery = absl::Seconds(1);
constexpr int kOneInEarly = 10, kOneInStore = 20;

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* text = getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

}  // namespace

int Kills(int otherwise) { return static_cast<int>(FromEnvironment("DOLEN_KILLS", otherwise)); }

uint64_t Seed() {
  const auto seed = static_cast<uint64_t>(FromEnvironment("DOLEN_SEED", std::random_device()()));
  std::printf("seed: DOLEN_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  return seed;
}

Publisher::Publisher(std::string socket, std::string agency, uint64_t seed, absl::Duration pause)
    : socket_(std::move(socket)),
      pause_(pause),
      story_(std::move(agency), seed),
      thread_([this] { Run(); }) {}

Publisher::~Publisher() {
  giving_up_ = true;
  if (thread_.joinable()) thread_.join();
}

void Publisher::Finish() {
  ending_ = true;
  if (thread_.joinable()) thread_.join();
}

void Publisher::Run() {
  while (!ending_ && !giving_up_) {
    Send(story_.NextBatch());
    absl::SleepFor(pause_);
  }
  if (!giving_up_) Send(story_.LastBatch());
}

void Publisher::Send(const ledger::v1::Delivery& batch) {
  HttpRequest request;
  request.method = "POST";
  request.path = {"v1", "publish"};
  request.content_type = "application/octet-stream";
  request.body = batch.SerializeAsString();
  for (bool first = true; !giving_up_; first = false) {
    if (!first) absl::SleepFor(kPace);
    const absl::StatusOr<HttpResponse> response = HttpCall(socket_, request, kAnswer);
    if (response.ok() && response->status == 200) {
      acknowledged_ += batch.item_size();
      broken_off_ += first ? 0 : 1;
      return;
    }
  }
}

Trial::Trial(Where where, const std::string& folder, uint64_t seed)
    : routing_(folder + "/routing.textproto"),
      receiver_(seed + 2),
      serve_(std::move(where), folder + "/book.textproto", folder + "/serve.log"),
      random_(seed),
      on_call_(serve_.Socket(), seed + 1),
      begun_(absl::Now()) {
  WriteBook(folder + "/book.textproto");
  serve_.Route(routing_);
  NextLife();
  if (StartAndWait() && WaitForNotifier()) Kill();
  const auto publish = [this](const char* agency, absl::Duration pause) {
    publishers_.push_back(std::make_unique<Publisher>(serve_.Socket(), agency, random_(), pause));
  };
  publish("alpha", kPace);
  publish("beta", kPace);
  publish(kRouted, kRoutedPace);
}

void Trial::NextLife() { receiver_.WriteRouting(routing_, kRouted, ++life_); }

bool Trial::WaitForNotifier() {
  const absl::Time deadline = absl::Now() + kAnswer;
  while (!serve_.Get({"v1", "destinations"}).ok() && absl::Now() < deadline) absl::SleepFor(kPace);
  EXPECT_LT(absl::Now(), deadline) << serve_.Messages();
  return absl::Now() < deadline;
}

void Trial::Kill() {
  serve_.Kill();
  NextLife();
}

bool Trial::StartAndWait() {
  const absl::Time began = absl::Now();
  serve_.Start();
  const bool answers = serve_.WaitUntilItAnswers();
  if (answers) recoveries_.push_back(absl::Now() - began);
  EXPECT_TRUE(answers) << serve_.Messages();
  return answers;
}

void Trial::KillAtRandom(int count, absl::Duration latest) {
  const auto wait = [this](int from, int to) {
    absl::SleepFor(absl::Milliseconds(from + static_cast<int>(random_() % (to - from + 1))));
  };
  for (; count > 0; --count, ++kills_) {
    if (random_() % kOneInEarly == 0) {
      serve_.Start();
      wait(0, 100);
      ++early_kills_;
    } else {
      if (!StartAndWait()) return;
      wait(20, static_cast<int>(absl::ToInt64Milliseconds(latest)));
    }
    EXPECT_TRUE(serve_.IsRunning()) << "it ended by itself: " << serve_.Messages();
    if (testing::Test::HasFailure()) return;
    Kill();
    if (random_() % kOneInStore == 0) {
      std::filesystem::remove_all(absl::StrCat(serve_.where().data, "/shard-", random_() % 4));
      ++stores_taken_;
    }
  }
}

bool Trial::WaitForAcknowledged(int64_t more, absl::Duration patience) {
  const auto sum = [this] {
    int64_t values = 0;
    for (const auto& publisher : publishers_) values += publisher->acknowledged();
    return values;
  };
  const int64_t wanted = sum() + more;
  const absl::Time deadline = absl::Now() + patience;
  while (sum() < wanted && absl::Now() < deadline) absl::SleepFor(kPace);
  EXPECT_GE(sum(), wanted) << "the serve does not take events: " << serve_.Messages();
  return sum() >= wanted;
}

bool Trial::WaitUntilSettled() {
  const absl::Time deadline = absl::Now() + kSettling;
  std::string before;
  absl::Time since = absl::Now();
  while (absl::Now() < deadline && serve_.IsRunning()) {
    const auto doctor = serve_.Get({"v1", "doctor"});
    const auto ends = serve_.Get({"v1", "ends"});
    const json said = json::parse(doctor.value_or(""), nullptr, false);
    const json hook = json::parse(serve_.Get({"v1", "destinations"}).value_or(""), nullptr, false);
    const bool calm = said.is_object() && said.value("intake_lag", -1) == 0 &&
                      said.value("alerts_waiting", -1) == 0 && hook.is_object() &&
                      hook.value("waiting", -1) == 0;
    const std::string now = calm ? absl::StrCat(said.value("records", 0), " ", ends.value_or(""),
                                                " ", receiver_.delivered().size())
                                 : "";
    if (now.empty() || now != before) before = now, since = absl::Now();
    if (absl::Now() - since > kCalm) return true;
    absl::SleepFor(absl::Milliseconds(100));
  }
  ADD_FAILURE() << "it does not come to rest: " << serve_.Messages();
  return false;
}

void Trial::Judge(const Where& through) {
  if (!serve_.IsRunning() && !StartAndWait()) return;
  on_call_.Finish();
  for (const auto& publisher : publishers_) publisher->Finish();
  load_ended_ = absl::Now();
  if (!WaitUntilSettled()) return;
  Truth truth;
  for (const auto& publisher : publishers_) truth.Add(publisher->truth());
  JudgeTimelines(truth, serve_);
  const std::set<std::string> aside = AsideOf(through);
  const json doctor = json::parse(serve_.Get({"v1", "doctor"}).value_or(""), nullptr, false);
  ASSERT_TRUE(doctor.is_object());
  EXPECT_TRUE(doctor.value("ok", false)) << doctor.dump();
  EXPECT_EQ(serve_.Stop(), 0);
  const std::vector<RawRecord> told = ReadTopic(through, "alerts");
  const std::vector<RawRecord> records = ReadTopic(through, "ledger");
  const AlertCounts alerts = JudgeAlerts(truth, told);
  const LedgerCounts ledger = JudgeLedger(truth, records);
  const int64_t actions = JudgeActions(truth, on_call_.confirmed(), records, told);
  const NoticeCounts notices = JudgeNotices(kRouted, told, receiver_.delivered());
  JudgeQuarantine(truth, ReadTopic(through, "quarantine"));
  EXPECT_EQ(aside, ledger.conflicting);
  EXPECT_EQ(doctor.value("records", -1), ledger.records);
  EXPECT_EQ(doctor.value("events", -1), static_cast<int64_t>(truth.events.size()));
  EXPECT_FALSE(absl::StrContains(serve_.Messages(), "_stopped")) << serve_.Messages();
  const Ran verified = RunVerb(through, {"store", "verify", "--rebuild"});
  EXPECT_EQ(verified.exit, 0) << verified.out;
  Print(alerts, ledger, notices, actions);
}

void Trial::Print(const AlertCounts& alerts, const LedgerCounts& ledger,
                  const NoticeCounts& notices, int64_t actions) {
  int64_t values = 0, broken_off = 0;
  for (const auto& publisher : publishers_) {
    values += publisher->acknowledged();
    broken_off += publisher->broken_off();
  }
  std::sort(recoveries_.begin(), recoveries_.end());
  const absl::Duration median = recoveries_[recoveries_.size() / 2];
  // One line, for tests/evidence/kills too.
  const nlohmann::ordered_json counts = {
      {"kills", kills_},
      {"kills_while_recovering", early_kills_},
      {"stores_taken_away", stores_taken_},
      {"values_acknowledged", values},
      {"batches_sent_again", broken_off},
      {"events", ledger.events},
      {"duplicates", ledger.duplicates},
      {"conflicts", ledger.conflicts},
      {"ticks", ledger.ticks},
      {"alerts_raised", alerts.raised},
      {"alerts_answered", alerts.answered},
      {"alerts_cleared", alerts.cleared},
      {"alerts_withdrawn", alerts.withdrawn},
      {"actions", actions},
      {"notices", notices.notices},
      {"notices_doubled_by_a_kill", notices.doubled},
      {"load_s", std::round(absl::ToDoubleSeconds(load_ended_ - begun_))},
      {"judged_s", std::round(absl::ToDoubleSeconds(absl::Now() - load_ended_))},
      {"answers_after_ms_median", std::round(absl::ToDoubleMilliseconds(median))},
      {"answers_after_ms_slowest", std::round(absl::ToDoubleMilliseconds(recoveries_.back()))}};
  std::printf("trial: %s\n", counts.dump().c_str());
  std::fflush(stdout);
  if (serve_.where().kafka.empty()) {
    EXPECT_LT(median, kMedianRecovery);
  }
}

}  // namespace dolen
