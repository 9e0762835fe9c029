#include "connectors/kafka/fenced_writer.h"

#include <chrono>
#include <cstdint>
#include <future>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "connectors/kafka/appender.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// An open transaction holds back every reader: at most this long after its writer died ...
constexpr absl::Duration kTransactionTimeout = absl::Seconds(20);
// ... so its records must be written sooner.
constexpr absl::Duration kRecordTimeout = absl::Seconds(15);
constexpr absl::Duration kInitTimeout = absl::Seconds(30);
constexpr absl::Duration kCommitTimeout = absl::Seconds(15);
constexpr absl::Duration kAbortTimeout = absl::Seconds(2);
// Beyond all the timeouts within: only a call that hangs (librdkafka #4420) reaches it.
absl::Duration Hangs() {
  return kRecordTimeout + kCommitTimeout + kAbortTimeout + absl::Seconds(5);
}

// Runs `work` in a thread of its own and leaves that behind if it takes longer than `limit`.
template <typename Work>
absl::Status Watched(Work work, absl::Duration limit, absl::string_view doing) {
  std::packaged_task<absl::Status()> task(std::move(work));
  std::future<absl::Status> result = task.get_future();
  std::thread thread(std::move(task));
  if (result.wait_for(absl::ToChronoMilliseconds(limit)) != std::future_status::ready) {
    thread.detach();
    return absl::UnknownError(absl::StrCat("Kafka: ", doing, " hangs"));
  }
  thread.join();
  return result.get();
}

// The error of a call of the transactional API, under the code of the fencing if that is behind it.
absl::Status TransactionError(const Client& client, const RdError& error, absl::string_view doing) {
  absl::Status fatal = client.Fatal();
  if (absl::IsAborted(fatal) || absl::IsPermissionDenied(fatal)) return fatal;
  return KafkaError(rd_kafka_error_code(error.get()), doing, rd_kafka_error_string(error.get()));
}

}  // namespace

struct KafkaFencedWriter::Session {
  TopicPartition to;
  std::string id;
  std::unique_ptr<Client> client;
  RdTopic topic;
  // Owned by the thread at work, read after it ended.
  absl::Status next;  // not OK: what the next Append says instead of sending

  absl::Status Init();
  absl::Status Send(const std::vector<NewEntry>& entries);
  absl::Status Commit();
  absl::Status Transact(const std::vector<NewEntry>& entries);
};

absl::Status KafkaFencedWriter::Session::Init() {
  RdError error(rd_kafka_init_transactions(client->rk(), WaitMs(kInitTimeout)));
  if (error == nullptr) return absl::OkStatus();
  return TransactionError(*client, error, absl::StrCat("fencing as ", id));
}

// Until here nothing can become visible: only Commit asks for that.
absl::Status KafkaFencedWriter::Session::Send(const std::vector<NewEntry>& entries) {
  // A client with a fatal error hangs in begin_transaction.
  DOLEN_RETURN_IF_ERROR(client->Fatal());
  RdError begun(rd_kafka_begin_transaction(client->rk()));
  if (begun != nullptr) return TransactionError(*client, begun, "beginning a transaction");
  for (const NewEntry& entry : entries) {
    const rd_kafka_resp_err_t err =
        Produce(client->rk(), topic.get(), to.partition,
                {entry.key, entry.value, entry.tombstone, entry.headers});
    DOLEN_RETURN_IF_ERROR(KafkaError(err, absl::StrCat("appending to ", to.topic)));
  }
  const rd_kafka_resp_err_t flushed = rd_kafka_flush(client->rk(), WaitMs(kRecordTimeout));
  absl::Status fatal = client->Fatal();
  if (absl::IsAborted(fatal)) return fatal;  // the records' own error is only "purged"
  DOLEN_RETURN_IF_ERROR(client->FirstFailure());
  return KafkaError(flushed, absl::StrCat("writing to ", to.topic));
}

absl::Status KafkaFencedWriter::Session::Commit() {
  const int64_t ends_sent = client->ends_sent();
  RdError error(rd_kafka_commit_transaction(client->rk(), WaitMs(kCommitTimeout)));
  if (error != nullptr) {
    absl::Status status = TransactionError(*client, error, "committing");
    return absl::IsAborted(status) ? status : absl::UnknownError(status.message());
  }
  // One of them may still be on its way, and could end a later transaction (Jepsen's report on
  // Bufstream 0.1.0; mended by KIP-890, which librdkafka lacks).
  if (client->ends_sent() - ends_sent > 1) {
    next = absl::UnknownError(
        absl::StrCat("Kafka: the last commit of ", id,
                     " was asked for more than once; nothing was sent since: open a new writer"));
  }
  return absl::OkStatus();
}

absl::Status KafkaFencedWriter::Session::Transact(const std::vector<NewEntry>& entries) {
  absl::Status sent = Send(entries);
  if (sent.ok()) return Commit();
  // So that readers need not wait for the transaction's timeout. If this fails they do.
  if (client->Fatal().ok()) {
    RdError ignored(rd_kafka_abort_transaction(client->rk(), WaitMs(kAbortTimeout)));
  }
  return sent;
}

KafkaFencedWriter::KafkaFencedWriter(std::shared_ptr<Session> session)
    : session_(std::move(session)) {}

absl::StatusOr<std::unique_ptr<KafkaFencedWriter>> KafkaFencedWriter::Open(
    const KafkaOptions& options, const TopicPartition& to, const std::string& name) {
  auto session = std::make_shared<Session>();
  session->to = to;
  session->id = absl::StrCat(options.deployment, ".", to.topic, ".", to.partition,
                             name.empty() ? "" : "/", name);
  const Client::Properties defaults = {{"linger.ms", "0"},
                                       {"compression.codec", "lz4"},
                                       {"message.max.bytes", absl::StrCat(kMaxOwnRecord)}};
  const Client::Properties fixed = {
      {"transactional.id", session->id},
      {"transaction.timeout.ms", absl::StrCat(WaitMs(kTransactionTimeout))},
      {"message.timeout.ms", absl::StrCat(WaitMs(kRecordTimeout))},
      {"enable.idempotence", "true"},
      {"acks", "all"},
  };
  DOLEN_ASSIGN_OR_RETURN(session->client,
                         Client::Open(RD_KAFKA_PRODUCER, options, "fenced", defaults, fixed));
  session->topic.reset(rd_kafka_topic_new(session->client->rk(), to.topic.c_str(), nullptr));
  if (session->topic == nullptr) return KafkaError(rd_kafka_last_error(), to.topic);
  DOLEN_RETURN_IF_ERROR(
      Watched([session] { return session->Init(); }, kInitTimeout + Hangs(), "fencing"));
  return std::unique_ptr<KafkaFencedWriter>(new KafkaFencedWriter(std::move(session)));
}

KafkaFencedWriter::~KafkaFencedWriter() = default;

absl::Status KafkaFencedWriter::Append(absl::Span<const NewEntry> entries) {
  DOLEN_RETURN_IF_ERROR(used_up_);
  if (entries.empty()) return absl::OkStatus();
  absl::Status status = session_->next;
  if (status.ok()) {
    // Copied: the thread may outlive this call.
    std::vector<NewEntry> copy(entries.begin(), entries.end());
    status =
        Watched([session = session_, copy = std::move(copy)] { return session->Transact(copy); },
                Hangs(), "a transaction");
  }
  if (status.ok()) return status;
  used_up_ = status;
  // Nothing of it may be sent any more. The handle is destroyed at once, but in no hurry of ours.
  rd_kafka_purge(session_->client->rk(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  std::thread([session = std::move(session_)]() mutable { session.reset(); }).detach();
  return used_up_;
}

}  // namespace dolen
