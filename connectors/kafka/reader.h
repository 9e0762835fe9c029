// Reads one partition, committed records only, without a consumer group. Contract: LogReader and
// kafka_log.h.
#ifndef DOLEN_CONNECTORS_KAFKA_READER_H_
#define DOLEN_CONNECTORS_KAFKA_READER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "connectors/kafka/client.h"
#include "engine/log/log.h"

namespace dolen {

// What a reader fetches ahead: two full batches of the shard (kMaxBatch), so that the next is there
// when one is committed, ...
inline constexpr int kReadAheadRecords = 10000;
// ... or this much, where records are large.
inline constexpr int kReadAheadKbytes = 8192;

// A fetcher that found its queue full sleeps up to a second, and a queue that runs empty does not
// wake it (librdkafka 2.0.2). We wake it by hand when the queue runs empty after so much that it
// may have been full, and after this much silence where the last fetch said that there is more.
inline constexpr absl::Duration kAsleepAfter = absl::Milliseconds(2);

class KafkaReader final : public LogReader {
 public:
  // `offset` was checked to lie within the bounds.
  static absl::StatusOr<std::unique_ptr<KafkaReader>> Open(const KafkaOptions& options,
                                                           const TopicPartition& from,
                                                           int64_t offset, Holes holes);
  ~KafkaReader() override;

  absl::StatusOr<absl::Span<const Entry>> Read(int max, absl::Duration wait) override;
  int64_t position() const override { return position_; }

 private:
  KafkaReader(const KafkaOptions& options, const TopicPartition& from, int64_t offset, Holes holes);

  // The next message or event; null if none came.
  RdMessage Next(absl::Duration wait);
  RdMessage Consume(absl::Duration wait);
  // `waited`: how long in vain just now.
  void WakeFetcherIfAsleep(absl::Duration waited);
  bool MayHaveBeenFull() const;
  bool Behind() const;
  void WakeFetcher();
  // Adds a record to entries_, or moves position_. An error: nothing was taken.
  absl::Status Take(RdMessage message);
  absl::Status TakeRecord(RdMessage message);
  absl::Status TakeEnd(int64_t end);
  void TakeHeaders(rd_kafka_message_t* message, Entry& entry);
  absl::Status Hole(int64_t found) const;

  const KafkaOptions options_;
  const TopicPartition from_;
  const Holes holes_;
  int64_t position_;
  std::unique_ptr<Client> client_;
  RdTopic topic_;
  RdQueue queue_;
  bool started_ = false;
  int64_t taken_ = 0, taken_bytes_ = 0;  // since the queue was last found empty
  absl::Duration patience_ = kAsleepAfter;
  absl::Time quiet_since_ = absl::InfiniteFuture();  // nothing came since
  absl::Status broken_;                              // stays: hole, truncation, damage
  absl::Status deferred_;  // told once, by the Read after the one that still had records
  // What the last Read returned, and the memory that it points to.
  std::vector<Entry> entries_;
  std::vector<RdMessage> messages_;
  std::deque<std::vector<Header>> headers_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_KAFKA_READER_H_
