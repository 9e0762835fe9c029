// Tells the guardian of each break of the glass, by a destination of the routing file. It reads the
// record of reads and remembers, in a file of its own, how far it has told: each is told at least
// once, also over a restart, and again only after a crash between the telling and the note of it.
#ifndef DOLEN_DEPLOY_API_GUARDIAN_H_
#define DOLEN_DEPLOY_API_GUARDIAN_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "connectors/alerting/destination.h"
#include "engine/audit/audit_reader.h"

namespace dolen {

struct GuardianOptions {
  AuditReader* reads;                        // outlives it
  std::unique_ptr<Destination> destination;  // of its own
  std::string file;                          // how far it has told
  std::function<absl::Time()> now;
  // What keeps it from telling; OK: nothing. Called by its thread.
  std::function<void(const absl::Status&)> trouble;
  absl::Duration look = absl::Seconds(1);
  absl::Duration after_trouble = absl::Seconds(30);
};

class Guardian {
 public:
  explicit Guardian(GuardianOptions options);
  ~Guardian();

 private:
  void Run();
  // Error: it could not be told, or noted.
  absl::Status TellAll();
  uint64_t Told() const;
  absl::Status Note(uint64_t number) const;

  const GuardianOptions options_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_GUARDIAN_H_
