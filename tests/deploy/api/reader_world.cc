#include "tests/deploy/api/reader_world.h"

#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace dolen {

absl::StatusOr<Caller> TrustingGate::WhoAsks(const HttpRequest& request, absl::Time now) {
  const auto header = request.headers.find("authorization");
  if (header == request.headers.end()) return absl::UnauthenticatedError("nobody");
  const std::vector<std::string> words = absl::StrSplit(header->second, ' ');
  if (words.size() < 3) return absl::UnauthenticatedError("nobody");
  Caller caller;
  caller.subject = words[1];
  caller.client = "test";
  caller.agency = words[2];
  for (size_t i = 3; i < words.size(); ++i) {
    if (const absl::optional<Role> role = RoleOf(words[i])) caller.roles.insert(*role);
  }
  caller.until = now + absl::Hours(1);
  return caller;
}

ReaderWorld::ReaderWorld() {
  story_ = NewStory();
  OpenApi();
}

std::unique_ptr<story::Story> ReaderWorld::NewStory() const {
  FoldOptions options;
  options.views = {&alerts_, &figures_, &responsibility_, &sealed_, &worklist_};
  return std::make_unique<story::Story>(options);
}

void ReaderWorld::AddQuietShard(absl::string_view published, const pathway::v1::Book& book) {
  quiet_ = NewStory();
  quiet_->Publish(published, book);
  RestartApi();
}

void ReaderWorld::OpenApi() {
  ApiParts parts;
  parts.stores = {&story_->store()};
  if (quiet_ != nullptr) parts.stores.push_back(&quiet_->store());
  parts.log = &log_;
  parts.secret = "a secret";
  parts.gate = &gate_;
  parts.now = [this] { return now; };
  parts.find = [this](const std::string& issuer,
                      const std::string& value) -> absl::StatusOr<absl::optional<ChildKey>> {
    const auto its = known_.find(value);
    if (issuer != "nhs" || its == known_.end()) return absl::optional<ChildKey>();
    return absl::optional<ChildKey>(its->second);
  };
  parts.act = [this](const Deed& deed) {
    deeds.push_back(deed);
    return absl::OkStatus();
  };
  parts.not_found_beat = not_found_beat;
  parts.position_patience = absl::Milliseconds(50);
  absl::StatusOr<std::unique_ptr<Api>> api = Api::Open(std::move(parts));
  DOLEN_CHECK(api.ok());
  api_ = *std::move(api);
  router_ = std::make_unique<Router>();
  api_->AddTo(*router_);
}

void ReaderWorld::RestartApi() {
  router_ = nullptr;
  api_ = nullptr;
  OpenApi();
}

void ReaderWorld::Follow() { story_->fold().KeepCommittedRows(); }

void ReaderWorld::Publish() {
  Fold::CommittedRows rows = story_->fold().TakeCommittedRows();
  if (!rows.changes.empty()) api_->feed().Publish(0, rows.position, std::move(rows.changes));
}

void ReaderWorld::Hear(absl::string_view recorded, const story::Said& said, int child,
                       const std::string& text) {
  const absl::Time at = story::At(recorded);
  story_->Until(recorded);
  story::Said sent = said;
  if (!sent.open.has_published()) *sent.open.mutable_published() = ToTimestamp(at);
  ledger::v1::Record record = story::Story::RecordOf(sent, story::Story::Child(child));
  if (!text.empty()) {
    event::v1::Private hidden;
    hidden.set_text(text);
    record.mutable_event()->set_private_(hidden.SerializeAsString());
  }
  const absl::Status told = story_->Tell(at, std::move(record));
  EXPECT_TRUE(told.ok()) << told;
  Publish();
}

HttpResponse ReaderWorld::Ask(const Reader& reader, const std::string& method,
                              absl::string_view target, const std::string& body,
                              const absl::btree_map<std::string, std::string>& headers) {
  HttpRequest request;
  request.headers = headers;
  request.method = method;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(target, absl::MaxSplits('?', 1));
  for (const absl::string_view segment : absl::StrSplit(parts.first, '/', absl::SkipEmpty())) {
    request.path.emplace_back(segment);
  }
  for (const absl::string_view one : absl::StrSplit(parts.second, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> member =
        absl::StrSplit(one, absl::MaxSplits('=', 1));
    request.query.emplace(member.first, member.second);
  }
  request.headers["authorization"] = absl::StrCat("Bearer ", reader.subject, " ", reader.agency,
                                                  " ", absl::StrJoin(reader.roles, " "));
  request.headers["dolen-purpose"] = reader.purpose;
  request.body = body;
  if (!body.empty()) request.content_type = "application/json";
  return router_->Answer(request);
}

HttpResponse ReaderWorld::Get(const Reader& reader, absl::string_view target) {
  return Ask(reader, "GET", target, "");
}

HttpResponse ReaderWorld::GetAfter(const Reader& reader, absl::string_view target,
                                   const std::string& last_id) {
  if (last_id.empty()) return Get(reader, target);
  return Ask(reader, "GET", target, "", {{"last-event-id", last_id}});
}

HttpResponse ReaderWorld::GetTable(const Reader& reader, absl::string_view target) {
  return Ask(reader, "GET", target, "", {{"accept", "text/csv"}});
}

HttpResponse ReaderWorld::Post(const Reader& reader, absl::string_view target,
                               const std::string& body) {
  return Ask(reader, "POST", target, body);
}

}  // namespace dolen
