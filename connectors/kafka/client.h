// librdkafka's C API as values that clean up after themselves, and its errors as absl::Status.
#ifndef DOLEN_CONNECTORS_KAFKA_CLIENT_H_
#define DOLEN_CONNECTORS_KAFKA_CLIENT_H_

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/kafka/kafka_log.h"

namespace dolen {

// std::unique_ptr with the C API's own function as deleter.
template <auto kDestroy>
struct CallDestroy {
  template <typename T>
  void operator()(T* object) const {
    kDestroy(object);
  }
};
// Without leaving a consumer group first: nobody here joins one, and closing can hang (2.0.2).
inline void DestroyRdKafka(rd_kafka_t* rk) {
  rd_kafka_destroy_flags(rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}
using RdKafka = std::unique_ptr<rd_kafka_t, CallDestroy<DestroyRdKafka>>;
using RdConf = std::unique_ptr<rd_kafka_conf_t, CallDestroy<rd_kafka_conf_destroy>>;
using RdTopic = std::unique_ptr<rd_kafka_topic_t, CallDestroy<rd_kafka_topic_destroy>>;
using RdQueue = std::unique_ptr<rd_kafka_queue_t, CallDestroy<rd_kafka_queue_destroy>>;
using RdEvent = std::unique_ptr<rd_kafka_event_t, CallDestroy<rd_kafka_event_destroy>>;
using RdMessage = std::unique_ptr<rd_kafka_message_t, CallDestroy<rd_kafka_message_destroy>>;
using RdError = std::unique_ptr<rd_kafka_error_t, CallDestroy<rd_kafka_error_destroy>>;
using RdMetadata =
    std::unique_ptr<const struct rd_kafka_metadata, CallDestroy<rd_kafka_metadata_destroy>>;
using RdNewTopic = std::unique_ptr<rd_kafka_NewTopic_t, CallDestroy<rd_kafka_NewTopic_destroy>>;
using RdAdminOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t, CallDestroy<rd_kafka_AdminOptions_destroy>>;
using RdResource =
    std::unique_ptr<rd_kafka_ConfigResource_t, CallDestroy<rd_kafka_ConfigResource_destroy>>;
using RdPartitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                     CallDestroy<rd_kafka_topic_partition_list_destroy>>;

// "could not X: what librdkafka says", under the code that the port gives to this kind of error.
absl::Status KafkaError(rd_kafka_resp_err_t err, absl::string_view doing,
                        absl::string_view detail = {});
// Another writer with the same transactional id has taken over.
bool IsFenced(rd_kafka_resp_err_t err);

// Asks until the answer is another than kUnavailable, for about `patience`: leaders and
// coordinators move, and a new topic or group is not ready at once.
absl::Status Insist(absl::Duration patience, const std::function<absl::Status()>& ask);

// Milliseconds as librdkafka wants them: never negative, rounded up, so that a short wait is one.
int WaitMs(absl::Duration wait);

// A handle of librdkafka with what its callbacks have seen. Not movable: the handle points to it.
// Poll, and whatever else serves callbacks, may run in any thread; the counts are safe to read.
class Client {
 public:
  using Properties = std::map<std::string, std::string>;
  // `role` goes into the client id, so that a broker's log tells readers from writers. `defaults`
  // may be overridden by options.properties, `fixed` not.
  static absl::StatusOr<std::unique_ptr<Client>> Open(rd_kafka_type_t type,
                                                      const KafkaOptions& options,
                                                      absl::string_view role,
                                                      const Properties& defaults,
                                                      const Properties& fixed);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  rd_kafka_t* rk() const { return rk_.get(); }
  // Serves callbacks that wait: errors, delivery reports.
  void Poll(absl::Duration wait = absl::ZeroDuration()) { rd_kafka_poll(rk(), WaitMs(wait)); }

  // The newest error of the handle as a whole (brokers lost, login refused), once: OK if there was
  // none since the last call.
  absl::Status TakeError();
  // The error after which librdkafka does nothing more with this handle; OK if none.
  absl::Status Fatal() const;

  // Requests to end a transaction that went out to a broker; librdkafka repeats them by itself.
  int64_t ends_sent() const { return ends_sent_.load(std::memory_order_relaxed); }

  // Records whose fate is known: written, or not known to be written.
  int64_t delivered() const { return delivered_.load(std::memory_order_relaxed); }
  int64_t failed() const { return failed_.load(std::memory_order_relaxed); }
  // Why the first of them failed; OK if none did.
  absl::Status FirstFailure() const;

 private:
  explicit Client(std::function<void(int, absl::string_view)> log) : log_(std::move(log)) {}

  static void OnLog(const rd_kafka_t* rk, int level, const char* facility, const char* text);
  static void OnError(rd_kafka_t* rk, int err, const char* reason, void* self);
  static void OnDelivery(rd_kafka_t* rk, const rd_kafka_message_t* message, void* self);
  static rd_kafka_resp_err_t OnNew(rd_kafka_t* rk, const rd_kafka_conf_t* conf, void* self,
                                   char* why, size_t why_size);
  static rd_kafka_resp_err_t OnSent(rd_kafka_t* rk, int fd, const char* broker, int32_t broker_id,
                                    int16_t api, int16_t version, int32_t correlation, size_t size,
                                    void* self);

  const std::function<void(int, absl::string_view)> log_;
  std::atomic<int64_t> ends_sent_{0};
  std::atomic<int64_t> delivered_{0};
  std::atomic<int64_t> failed_{0};
  mutable std::mutex mutex_;  // guards the two below
  absl::Status last_error_;
  absl::Status first_failure_;
  RdKafka rk_;  // last: destroyed first, since its threads call back
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_KAFKA_CLIENT_H_
