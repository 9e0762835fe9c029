// The read API over a story: everything real but the network and the issuer of tokens.
#ifndef DOLEN_TESTS_DEPLOY_API_READER_WORLD_H_
#define DOLEN_TESTS_DEPLOY_API_READER_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "connectors/http/http.h"
#include "connectors/http/router.h"
#include "deploy/api/api.h"
#include "engine/log/simulated_log.h"
#include "projections/alerts/alerts_view.h"
#include "projections/figures/figures_view.h"
#include "projections/responsibility/responsibility.h"
#include "projections/sealed/sealed_view.h"
#include "projections/worklist/worklist.h"
#include "tests/engine/child/story.h"

namespace dolen {

// Believes "Bearer SUBJECT AGENCY ROLE ROLE ...".
class TrustingGate : public Gate {
 public:
  absl::StatusOr<Caller> WhoAsks(const HttpRequest& request, absl::Time now) override;
};

struct Reader {
  std::string agency;
  std::vector<std::string> roles = {"practitioner"};
  std::string purpose = "direct_work";
  std::string subject = "sian";
};

class ReaderWorld {
 public:
  ReaderWorld();

  story::Story& story() { return *story_; }
  // An event with its private part; everything is told as the story tells it.
  void Hear(absl::string_view recorded, const story::Said& said, int child,
            const std::string& text = "");
  // Under what identifier a child is known: "nhs", this value.
  void Know(const std::string& value, int child) { known_[value] = story::Story::Child(child); }

  // From now on the API hears of every commit.
  void Follow();
  void RestartApi();
  // Another shard, the second of two from now on, in which nothing happens after this book. All of
  // the story's children are in the first.
  void AddQuietShard(absl::string_view published, const pathway::v1::Book& book);

  HttpResponse Get(const Reader& reader, absl::string_view target);
  // As a table for spreadsheets.
  HttpResponse GetTable(const Reader& reader, absl::string_view target);
  // With the id of the last event that the reader has; empty: none.
  HttpResponse GetAfter(const Reader& reader, absl::string_view target, const std::string& last_id);
  HttpResponse Post(const Reader& reader, absl::string_view target, const std::string& body);

  Api& api() { return *api_; }
  SimulatedLog& log() { return log_; }
  // What the API says is now.
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  // Of the next RestartApi; zero: what is not there is answered at once.
  absl::Duration not_found_beat = absl::ZeroDuration();
  // Deeds that the API was asked for.
  std::vector<Deed> deeds;

 private:
  HttpResponse Ask(const Reader& reader, const std::string& method, absl::string_view target,
                   const std::string& body,
                   const absl::btree_map<std::string, std::string>& headers = {});
  std::unique_ptr<story::Story> NewStory() const;
  void OpenApi();
  void Publish();

  AlertsView alerts_;
  FiguresView figures_;
  ResponsibilityView responsibility_;
  SealedView sealed_;
  WorklistView worklist_;
  std::unique_ptr<story::Story> story_;
  std::unique_ptr<story::Story> quiet_;  // nullptr: there is one shard
  SimulatedLog log_;
  TrustingGate gate_;
  absl::btree_map<std::string, ChildKey> known_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Router> router_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_DEPLOY_API_READER_WORLD_H_
