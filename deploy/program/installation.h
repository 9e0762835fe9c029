// One installation of Dolen, put together: a log with its topics, the secret, the identity log,
// admission and the shards. Only the program makes one; everything in it gets its world from here.
//
// Threads: Open and the accessors by one thread; what each part allows is said in its own header.
#ifndef DOLEN_DEPLOY_PROGRAM_INSTALLATION_H_
#define DOLEN_DEPLOY_PROGRAM_INSTALLATION_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/admitter.h"
#include "engine/admission/identity.h"
#include "engine/log/log.h"
#include "engine/shard/shard.h"

namespace dolen {

// Where an installation lives.
struct Place {
  std::string data = "dolen-data";  // stores, secret, socket and, without Kafka, the log
  std::string kafka;                // bootstrap servers; empty: the local log in `data`
  std::map<std::string, std::string> kafka_properties;
  std::string prefix = "dolen";  // of the topics
  int32_t partitions = 0;        // of a new ledger; 0: 4 on the local log, 12 on Kafka
};

// The folder of a shard's store; and those that are there, by shard.
std::string StoreFolder(const Place& place, size_t shard);
std::vector<std::string> StoreFoldersIn(const Place& place);

// Whether this release may read the rows of the store in `folder` as they are: kFailedPrecondition,
// and what to do, where another fold revision made them. Shards need not ask: they fold again.
absl::Status CheckReadable(const StoreReader& store, const std::string& folder);

// Opens the log of a place: Kafka, or the local one.
absl::StatusOr<std::unique_ptr<Log>> OpenLog(const Place& place, std::function<absl::Time()> clock);

// The secret of an installation, from the file `secret` in the data folder (mode 0600), made where
// it is missing. Other processes on the same Kafka need the same file: without it they find no
// child.
absl::StatusOr<std::string> ReadOrMakeSecret(const std::string& data);

class Installation {
 public:
  // Makes what is missing: folders, topics, secret. `written` is the clock for records.
  static absl::StatusOr<std::unique_ptr<Installation>> Open(const Place& place,
                                                            std::unique_ptr<Log> log,
                                                            std::function<absl::Time()> written);
  ~Installation();

  const Place& place() const { return place_; }
  const TopicNames& names() const { return names_; }
  // Keys everything that only this installation may make or know.
  const std::string& secret() const { return secret_; }
  Log& log() { return *log_; }
  IdentityLog& identity() { return *identity_; }
  Admitter& admitter() { return *admitter_; }
  std::vector<std::unique_ptr<Shard>>& shards() { return shards_; }
  // What every shard keeps rows for.
  std::vector<const View*> views() const;

  // Appends the same record to every partition of the ledger; durable when OK.
  absl::Status AppendToAll(const ledger::v1::Record& record);
  // Folds what the ledger holds now; shows progress where a person watches and it takes long.
  absl::Status Fold();
  // The same, and tells what there is to tell.
  absl::Status CatchUp();
  // Every shard tells what it folds: nothing of a change of the fold revision is left to do.
  bool Speaks() const;
  // The highest time reached in any shard; InfinitePast: nothing was ever folded.
  absl::Time Reached() const;

 private:
  Installation(const Place& place, std::unique_ptr<Log> log);
  absl::Status MakeTopics();
  absl::Status BeginLedger();
  absl::Status CheckSecret() const;
  absl::Status OpenShards();

  Place place_;
  TopicNames names_;
  std::string secret_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<IdentityLog> identity_;
  std::unique_ptr<Admitter> admitter_;
  std::vector<std::unique_ptr<View>> views_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_INSTALLATION_H_
