#include "benchmarks/read_world.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/plain_http.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::json;

constexpr int kBatch = 2000;  // events admitted at a time
// Of the load, sent and not folded yet: enough that neither admission nor fold ever waits.
constexpr int64_t kMostAhead = 8'000;
// Stated time between two events of the load: about as fast as a machine takes them, so that none
// lies in the future.
constexpr absl::Duration kLoadStep = absl::Microseconds(15);
constexpr char kLongChild[] = "C-long";
constexpr absl::Duration kPatience = absl::Minutes(10);
// A probe's matter, and what follows it in an item of the list.
constexpr char kProbe[] = "probe-", kAfterProbe[] = "\",\"rule\"";
constexpr size_t kDigits = 6;
constexpr size_t kProbeLength = sizeof(kProbe) - 1 + kDigits + sizeof(kAfterProbe) - 1;

std::string HeadersOf(const std::string& token) {
  return absl::StrCat("authorization: Bearer ", token, "\r\ndolen-purpose: direct_work\r\n");
}

event::v1::Event EventOf(int agency, const std::string& id, const std::string& child) {
  event::v1::Event event;
  event.set_contract(1);
  event::v1::Open& open = *event.mutable_open();
  open.set_agency(Workload::AgencyName(agency));
  open.set_event_id(id);
  event::v1::Identifier& identifier = *event.mutable_private_()->add_child();
  identifier.set_issuer("case");
  identifier.set_value(child);
  event.mutable_private_()->set_text("Made for a benchmark; nobody is meant.");
  return event;
}

absl::Status Admit(Engine& engine, const std::vector<Workload::Item>& items) {
  std::vector<std::string> agencies;
  for (int agency = 0; agency < kReadAgencies; ++agency) {
    agencies.push_back(Workload::AgencyName(agency));
  }
  std::vector<Received> batch(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    batch[i].agency = agencies[static_cast<size_t>(items[i].agency)];
    batch[i].intake = {"bench", 0, static_cast<int64_t>(i)};
    batch[i].value = items[i].bytes;
  }
  DOLEN_ASSIGN_OR_RETURN(
      const std::vector<Outcome> outcomes,
      engine.WithAdmitter([&](Admitter& admitter) { return admitter.Admit(batch); }));
  for (const Outcome& outcome : outcomes) {
    if (outcome.rejection) return absl::InternalError(outcome.rejection->sentence);
  }
  return absl::OkStatus();
}

access::v1::Access AccessOf(int people) {
  access::v1::Access access;
  for (int i = 0; i < people; ++i) {
    access::v1::Person& person = *access.mutable_development()->add_person();
    person.set_id(absl::StrCat("person-", i));
    person.set_name(person.id());
    person.set_agency(Workload::AgencyName(i % kReadAgencies));
    person.add_role("practitioner");
  }
  return access;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ReadWorld>> ReadWorld::Open(const ReadWorldOptions& options) {
  std::unique_ptr<ReadWorld> world(new ReadWorld(options));
  Place place;
  place.data = options.folder;
  place.partitions = options.partitions;
  DOLEN_ASSIGN_OR_RETURN(world->engine_, Engine::Open(place, GuardedClock::Machine()));
  Installation& installation = world->engine_->installation();
  for (int agency = 0; agency < kReadAgencies; ++agency) {
    DOLEN_RETURN_IF_ERROR(
        installation.log().CreateTopic({installation.names().Intake(Workload::AgencyName(agency)),
                                        1, false, absl::Hours(24 * 90), kMaxIntakeRecord}));
  }
  DOLEN_RETURN_IF_ERROR(world->Fill());
  DOLEN_RETURN_IF_ERROR(world->StartServing());
  return world;
}

ReadWorld::~ReadWorld() {
  if (loading_) StopLoad();
  server_ = nullptr;
  if (engine_ != nullptr) engine_->Stop();
  reading_ = nullptr;
}

absl::Status ReadWorld::Fill() {
  WorkloadOptions options;
  options.events = options_.events;
  options.children = options_.children;
  options.agencies = kReadAgencies;
  options.begin = absl::Now() - static_cast<double>(options.events) * options.step;
  DOLEN_RETURN_IF_ERROR(
      engine_->installation().AppendToAll(Workload::Book(options.begin - absl::Hours(1))));
  Workload workload(options);
  std::vector<Workload::Item> items(1);
  for (bool more = true; more;) {
    items.resize(kBatch);
    size_t count = 0;
    while (count < items.size() && (more = workload.Next(items[count]))) ++count;
    items.resize(count);
    DOLEN_RETURN_IF_ERROR(Admit(*engine_, items));
  }
  given_ = options.events;
  DOLEN_RETURN_IF_ERROR(AddLongChild(options.begin));
  return engine_->installation().Fold();
}

absl::Status ReadWorld::AddLongChild(absl::Time begin) {
  std::vector<Workload::Item> items;
  for (int64_t i = 0; i < options_.long_child_events; ++i) {
    event::v1::Event event = EventOf(0, absl::StrCat("long-", i), kLongChild);
    event::v1::Open& open = *event.mutable_open();
    *open.mutable_occurred()->mutable_instant() = ToTimestamp(begin + i * absl::Seconds(1));
    open.set_kind(event::v1::KIND_MILESTONE_REACHED);
    open.set_milestone("child_seen");
    items.push_back({event.SerializeAsString(), 0, begin});
  }
  return Admit(*engine_, items);
}

absl::Status ReadWorld::StartServing() {
  service_ = std::make_unique<Service>(engine_.get());
  DOLEN_ASSIGN_OR_RETURN(reading_,
                         ReadingSide::Open(service_.get(), AccessOf(options_.people), nullptr));
  Router router;
  reading_->AddTo(router);
  HttpServerOptions options;
  options.max_connections = 4096;  // as serve has it
  DOLEN_ASSIGN_OR_RETURN(server_, HttpServer::ListenOnLoopback(0, std::move(router), options));
  engine_->Start();
  WaitUntilTold();
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<ChildKey> child,
                         service_->ChildOf("case", kLongChild));
  if (!child) return absl::InternalError("the long child is not known");
  long_child_ = child->Hex();
  return SignEverybodyIn();
}

absl::Status ReadWorld::SignEverybodyIn() {
  PlainConnection connection(port());
  for (int i = 0; i < options_.people; ++i) {
    const Json body = {{"id", absl::StrCat("person-", i)}};
    DOLEN_ASSIGN_OR_RETURN(
        const PlainAnswer answer,
        connection.Ask(PlainRequest("POST", "/v1/sign-in/development", "", body.dump())));
    const Json json = Json::parse(answer.body, nullptr, false);
    if (answer.status != 200) return absl::InternalError(answer.body);
    tokens_.push_back(json["access_token"]);
  }
  return absl::OkStatus();
}

// The deadlines that were missed before are told when the engine starts.
void ReadWorld::WaitUntilTold() {
  const absl::Time end = absl::Now() + kPatience;
  for (int quiet = 0; quiet < 10 && absl::Now() < end; ++quiet) {
    absl::SleepFor(absl::Milliseconds(200));
    DOLEN_CHECK(engine_->WaitForFold(kPatience).ok());
    for (size_t i = 0; i < engine_->shards(); ++i) {
      if (engine_->WithShard(i, [](Shard& shard) { return shard.waiting_alerts(); }) > 0) quiet = 0;
    }
  }
}

std::string ReadWorld::Request(const std::string& target) const {
  return PlainRequest("GET", target, HeadersOf(token()));
}

std::string ReadWorld::TimelineRequest(const std::string& child, int limit) const {
  return Request(absl::StrCat("/v1/children/", child, "/timeline?limit=", limit));
}

absl::StatusOr<std::vector<std::string>> ReadWorld::ChildrenOnTheList() {
  PlainConnection connection(port());
  std::set<std::string> children;
  for (std::string cursor; children.size() < 1000;) {
    DOLEN_ASSIGN_OR_RETURN(const PlainAnswer answer,
                           connection.Ask(Request("/v1/worklist?limit=200" + cursor)));
    const Json page = Json::parse(answer.body, nullptr, false);
    if (answer.status != 200) return absl::InternalError(answer.body);
    for (const Json& item : page["items"]) children.insert(item["child"]);
    if (page["next"].is_null()) break;
    cursor = "&cursor=" + page["next"].get<std::string>();
  }
  if (children.empty()) return absl::InternalError("the worklist is empty; ask for more events");
  return std::vector<std::string>(children.begin(), children.end());
}

absl::StatusOr<std::vector<std::string>> ReadWorld::StreamRequests(int readers) {
  PlainConnection connection(port());
  DOLEN_ASSIGN_OR_RETURN(const PlainAnswer answer, connection.Ask(Request("/v1/worklist?limit=1")));
  if (answer.status != 200) return absl::InternalError(answer.body);
  const std::string position = Json::parse(answer.body)["position"];
  std::vector<std::string> requests;
  for (int i = 0; i < readers; ++i) {
    requests.push_back(
        PlainRequest("GET", "/v1/worklist/stream",
                     absl::StrCat(HeadersOf(tokens_[static_cast<size_t>(i) % tokens_.size()]),
                                  "last-event-id: ", position, "\r\n")));
  }
  return requests;
}

int64_t ReadWorld::Folded() {
  int64_t folded = 0;
  for (size_t i = 0; i < engine_->shards(); ++i) {
    folded += engine_->WithShard(i, [](Shard& shard) {
      const store::v1::Counts& counts = shard.fold().counts();
      return static_cast<int64_t>(counts.events() + counts.duplicates() + counts.conflicts());
    });
  }
  return folded;
}

void ReadWorld::StartLoad() {
  loading_ = true;
  load_ = std::thread([this] { RunLoad(); });
}

void ReadWorld::StopLoad() {
  loading_ = false;
  load_.join();
  DOLEN_CHECK(engine_->WaitForFold(kPatience).ok());
}

void ReadWorld::RunLoad() {
  WorkloadOptions options;
  options.events = int64_t{1} << 40;
  options.children = options_.children;
  options.agencies = kReadAgencies;
  options.seed = static_cast<uint64_t>(given_);
  options.begin = absl::Now() - absl::Seconds(1);
  options.step = kLoadStep;
  options.given_before = given_;
  Workload workload(options);
  Installation& installation = engine_->installation();
  auto appender = installation.log().OpenAppender();
  DOLEN_CHECK(appender.ok());
  std::vector<TopicPartition> topics;
  for (int agency = 0; agency < kReadAgencies; ++agency) {
    topics.push_back({installation.names().Intake(Workload::AgencyName(agency)), 0});
  }
  const int64_t before = Folded();
  int64_t sent = 0;
  Workload::Item item;
  const auto waiting = [&] { return sent - (Folded() - before); };
  while (loading_) {
    if (waiting() > kMostAhead) {
      absl::SleepFor(absl::Milliseconds(2));
      continue;
    }
    for (int i = 0; i < kBatch && workload.Next(item); ++i, ++sent) {
      DOLEN_CHECK(
          (*appender)->Append(topics[static_cast<size_t>(item.agency)], "", item.bytes).ok());
    }
    DOLEN_CHECK((*appender)->Flush().ok());
  }
  given_ += sent;
  const absl::Time end = absl::Now() + kPatience;
  while (waiting() > 0 && absl::Now() < end) absl::SleepFor(absl::Milliseconds(5));
}

void ReadWorld::SendProbe(const std::string& matter, int agency) {
  const int by = (agency + kReadAgencies - 1) % kReadAgencies;
  event::v1::Event event = EventOf(by, matter, "C-" + matter);
  event::v1::Open& open = *event.mutable_open();
  *open.mutable_occurred()->mutable_instant() = ToTimestamp(absl::Now());
  open.set_kind(event::v1::KIND_REFERRAL_MADE);
  open.set_to_agency(Workload::AgencyName(agency));
  open.mutable_matter()->set_agency(open.agency());
  open.mutable_matter()->set_id(matter);
  // Not by way of intake, where it would stand behind all of the load.
  DOLEN_CHECK(Admit(*engine_, {{event.SerializeAsString(), by, absl::Now()}}).ok());
}

Probes::Probes(ReadWorld* world, int readers)
    : world_(world), readers_(readers), tails_(static_cast<size_t>(readers)) {}

void Probes::Start(double a_second) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    readings_ = {};
    first_ = static_cast<int64_t>(sent_.size());
  }
  running_ = true;
  thread_ = std::thread([this, a_second] { Run(a_second); });
}

ProbeReadings Probes::Stop() {
  running_ = false;
  if (thread_.joinable()) thread_.join();
  const std::lock_guard<std::mutex> lock(mutex_);
  std::sort(readings_.milliseconds.begin(), readings_.milliseconds.end());
  return readings_;
}

void Probes::Run(double a_second) {
  while (running_) {
    int64_t number = 0;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      number = static_cast<int64_t>(sent_.size());
      sent_.push_back(absl::Now());
      ++readings_.sent;
      // Readers are spread over the agencies by their number.
      const int agency = static_cast<int>(number % kReadAgencies);
      readings_.expected += (readers_ - agency + kReadAgencies - 1) / kReadAgencies;
    }
    world_->SendProbe(absl::StrFormat("%s%0*d", kProbe, kDigits, number),
                      static_cast<int>(number % kReadAgencies));
    absl::SleepFor(absl::Seconds(1 / a_second));
  }
}

void Probes::OnBytes(size_t reader, absl::Time at, const std::string& bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string text = tails_[reader] + bytes;
  for (size_t from = text.find(kProbe); from != std::string::npos;
       from = text.find(kProbe, from + 1)) {
    const absl::string_view token = absl::string_view(text).substr(from, kProbeLength);
    int64_t number = 0;
    if (token.size() < kProbeLength ||
        token.substr(token.size() - sizeof(kAfterProbe) + 1) != kAfterProbe ||
        !absl::SimpleAtoi(token.substr(sizeof(kProbe) - 1, kDigits), &number)) {
      continue;
    }
    if (number < first_ || number >= static_cast<int64_t>(sent_.size())) continue;
    readings_.milliseconds.push_back(
        absl::ToDoubleMilliseconds(at - sent_[static_cast<size_t>(number)]));
  }
  tails_[reader] = text.substr(text.size() - std::min(text.size(), kProbeLength - 1));
}

}  // namespace dolen
