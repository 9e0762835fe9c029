#include "connectors/kafka/reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// How long a fetch waits at the broker for a first record; an arriving record ends it at once, so
// this is only how often an idle reader asks again.
constexpr char kFetchWaitMs[] = "500";
// Where marks of transactions lie between records, the reader learns that it is past the last mark
// when a fetch came back empty: whoever reads back after fencing waits this long.
constexpr char kFetchWaitMarksMs[] = "100";

// How long a call that only wakes may take.
constexpr absl::Duration kMaxPatience = absl::Seconds(1);
constexpr absl::Duration kWakeTimeout = absl::Seconds(5);

bool Stays(const absl::Status& status) {
  return !absl::IsUnavailable(status) && !absl::IsPermissionDenied(status);
}

}  // namespace

KafkaReader::KafkaReader(const KafkaOptions& options, const TopicPartition& from, int64_t offset,
                         Holes holes)
    : options_(options), from_(from), holes_(holes), position_(offset) {}

absl::StatusOr<std::unique_ptr<KafkaReader>> KafkaReader::Open(const KafkaOptions& options,
                                                               const TopicPartition& from,
                                                               int64_t offset, Holes holes) {
  std::unique_ptr<KafkaReader> reader(new KafkaReader(options, from, offset, holes));
  const Client::Properties defaults = {
      {"queued.min.messages", absl::StrCat(kReadAheadRecords)},
      {"queued.max.messages.kbytes", absl::StrCat(kReadAheadKbytes)},
      {"fetch.wait.max.ms", holes == Holes::kAllowed ? kFetchWaitMarksMs : kFetchWaitMs},
      {"fetch.error.backoff.ms", "100"},
  };
  const Client::Properties fixed = {
      {"isolation.level", "read_committed"},
      {"auto.offset.reset", "error"},  // never skip: truncation is an alarm
      {"check.crcs", "true"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"enable.partition.eof", "true"},  // as a position past marks, never as "the end"
  };
  DOLEN_ASSIGN_OR_RETURN(reader->client_,
                         Client::Open(RD_KAFKA_CONSUMER, options, "reader", defaults, fixed));
  rd_kafka_t* rk = reader->client_->rk();
  reader->topic_.reset(rd_kafka_topic_new(rk, from.topic.c_str(), nullptr));
  if (reader->topic_ == nullptr) return KafkaError(rd_kafka_last_error(), from.topic);
  reader->queue_.reset(rd_kafka_queue_new(rk));
  // Without a group: no coordinator, no rebalance, and none of their bugs.
  if (rd_kafka_consume_start_queue(reader->topic_.get(), from.partition, offset,
                                   reader->queue_.get()) != 0) {
    return KafkaError(rd_kafka_last_error(), absl::StrCat("reading ", from.topic));
  }
  reader->started_ = true;
  return reader;
}

KafkaReader::~KafkaReader() {
  messages_.clear();
  if (started_) rd_kafka_consume_stop(topic_.get(), from_.partition);
}

absl::StatusOr<absl::Span<const Entry>> KafkaReader::Read(int max, absl::Duration wait) {
  entries_.clear();
  messages_.clear();
  headers_.clear();
  DOLEN_RETURN_IF_ERROR(broken_);
  DOLEN_RETURN_IF_ERROR(std::exchange(deferred_, absl::OkStatus()));

  const absl::Time until = absl::Now() + wait;
  absl::Duration left = wait;
  while (static_cast<int>(entries_.size()) < max) {
    const int64_t before = position_;
    RdMessage message = Next(entries_.empty() ? left : absl::ZeroDuration());
    if (message == nullptr) break;
    absl::Status taken = Take(std::move(message));
    if (!taken.ok()) {
      (Stays(taken) ? broken_ : deferred_) = taken;
      break;
    }
    // A mark was passed: the caller may have waited for just this.
    if (entries_.empty() && position_ != before) break;
    if (entries_.empty()) left = until - absl::Now();
  }
  if (!entries_.empty()) return absl::MakeConstSpan(entries_);
  DOLEN_RETURN_IF_ERROR(broken_);
  client_->Poll();
  DOLEN_RETURN_IF_ERROR(client_->TakeError());
  DOLEN_RETURN_IF_ERROR(std::exchange(deferred_, absl::OkStatus()));
  return absl::Span<const Entry>();
}

RdMessage KafkaReader::Next(absl::Duration wait) {
  const absl::Duration first = std::min(wait, patience_);
  RdMessage message = Consume(first);
  if (message != nullptr) {
    patience_ = kAsleepAfter;
    quiet_since_ = absl::InfiniteFuture();
    ++taken_;
    taken_bytes_ += static_cast<int64_t>(message->len + message->key_len);
    return message;
  }
  if (MayHaveBeenFull()) WakeFetcher();
  taken_ = taken_bytes_ = 0;
  if (!entries_.empty()) return message;
  WakeFetcherIfAsleep(first);
  return Consume(wait - first);
}

// librdkafka waits for whole milliseconds. What is left of the last one is slept: who waits until
// something is due must not wake after it.
RdMessage KafkaReader::Consume(absl::Duration wait) {
  const absl::Duration whole = absl::Trunc(wait, absl::Milliseconds(1));
  RdMessage message(rd_kafka_consume_queue(queue_.get(), WaitMs(whole)));
  if (message != nullptr || wait <= whole) return message;
  absl::SleepFor(wait - whole);
  return RdMessage(rd_kafka_consume_queue(queue_.get(), 0));
}

void KafkaReader::WakeFetcherIfAsleep(absl::Duration waited) {
  const absl::Time now = absl::Now();
  if (quiet_since_ == absl::InfiniteFuture()) quiet_since_ = now - waited;
  if (now - quiet_since_ < patience_ || !Behind()) return;
  WakeFetcher();
  // It may be an open transaction that holds us back, and not the fetcher.
  patience_ = std::min(2 * patience_, kMaxPatience);
  quiet_since_ = absl::Now();
}

bool KafkaReader::MayHaveBeenFull() const {
  return taken_ >= kReadAheadRecords || taken_bytes_ >= kReadAheadKbytes * int64_t{1024};
}

bool KafkaReader::Behind() const {
  int64_t begin = 0;
  int64_t end = 0;  // as of the last fetch: no request
  return rd_kafka_get_watermark_offsets(client_->rk(), from_.topic.c_str(), from_.partition, &begin,
                                        &end) == RD_KAFKA_RESP_ERR_NO_ERROR &&
         position_ < end;
}

void KafkaReader::WakeFetcher() {
  // Any request to the leader wakes its thread, which then looks at the queue again.
  int64_t begin = 0;
  int64_t end = 0;
  rd_kafka_query_watermark_offsets(client_->rk(), from_.topic.c_str(), from_.partition, &begin,
                                   &end, WaitMs(kWakeTimeout));
}

absl::Status KafkaReader::Take(RdMessage message) {
  switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return TakeRecord(std::move(message));
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      return TakeEnd(message->offset);
    default:
      return KafkaError(
          message->err,
          absl::StrCat("reading ", from_.topic, " [", from_.partition, "] at offset ", position_),
          rd_kafka_message_errstr(message.get()));
  }
}

absl::Status KafkaReader::TakeRecord(RdMessage message) {
  // A fetch that was repeated may bring records again (2.0.2).
  if (message->offset < position_) return absl::OkStatus();
  if (message->offset > position_ && holes_ == Holes::kNever) return Hole(message->offset);
  rd_kafka_timestamp_type_t kind;
  const int64_t millis = rd_kafka_message_timestamp(message.get(), &kind);
  if (kind != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME && holes_ == Holes::kNever) {
    return absl::FailedPreconditionError(
        absl::StrCat(from_.topic, " [", from_.partition, "] offset ", message->offset,
                     " carries its writer's time: the topic needs "
                     "message.timestamp.type=LogAppendTime from its first record on"));
  }
  Entry& entry = entries_.emplace_back();
  entry.offset = message->offset;
  entry.appended = absl::FromUnixMillis(millis);
  entry.key = absl::string_view(static_cast<const char*>(message->key), message->key_len);
  entry.value = absl::string_view(static_cast<const char*>(message->payload), message->len);
  entry.tombstone = message->payload == nullptr;
  TakeHeaders(message.get(), entry);
  position_ = message->offset + 1;
  messages_.push_back(std::move(message));
  return absl::OkStatus();
}

absl::Status KafkaReader::TakeEnd(int64_t end) {
  if (end <= position_) return absl::OkStatus();
  if (holes_ == Holes::kNever) return Hole(end);
  position_ = end;
  return absl::OkStatus();
}

void KafkaReader::TakeHeaders(rd_kafka_message_t* message, Entry& entry) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  std::vector<Header>& copy = headers_.emplace_back();
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    copy.push_back(
        Header{name, std::string(static_cast<const char*>(value), value == nullptr ? 0 : size)});
  }
  entry.headers = copy;
}

absl::Status KafkaReader::Hole(int64_t found) const {
  return absl::DataLossError(absl::StrCat("hole in ", from_.topic, " [", from_.partition,
                                          "]: expected offset ", position_, ", found ", found));
}

}  // namespace dolen
