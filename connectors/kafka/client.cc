#include "connectors/kafka/client.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

constexpr absl::Duration kInsistPause = absl::Milliseconds(20);
constexpr int16_t kEndTxn = 26;  // the protocol's number

absl::StatusCode CodeOf(rd_kafka_resp_err_t err) {
  if (IsFenced(err)) return absl::StatusCode::kAborted;
  switch (err) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return absl::StatusCode::kNotFound;
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      return absl::StatusCode::kOutOfRange;
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
      return absl::StatusCode::kDataLoss;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return absl::StatusCode::kPermissionDenied;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
      return absl::StatusCode::kInvalidArgument;
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
      return absl::StatusCode::kAlreadyExists;
    default:
      return absl::StatusCode::kUnavailable;
  }
}

absl::Status SetAll(rd_kafka_conf_t* conf, const Client::Properties& properties) {
  char why[256];
  for (const auto& [name, value] : properties) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof(why)) !=
        RD_KAFKA_CONF_OK) {
      return absl::InvalidArgumentError(absl::StrCat("Kafka property ", name, ": ", why));
    }
  }
  return absl::OkStatus();
}

}  // namespace

bool IsFenced(rd_kafka_resp_err_t err) {
  return err == RD_KAFKA_RESP_ERR__FENCED || err == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
         err == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

absl::Status KafkaError(rd_kafka_resp_err_t err, absl::string_view doing,
                        absl::string_view detail) {
  if (err == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::Status(
      CodeOf(err), absl::StrCat("Kafka: ", doing, ": ",
                                detail.empty() ? absl::string_view(rd_kafka_err2str(err)) : detail,
                                " (", rd_kafka_err2name(err), ")"));
}

absl::Status Insist(absl::Duration patience, const std::function<absl::Status()>& ask) {
  const absl::Time until = absl::Now() + patience;
  absl::Status status = ask();
  while (absl::IsUnavailable(status) && absl::Now() < until) {
    std::this_thread::sleep_for(absl::ToChronoMilliseconds(kInsistPause));
    status = ask();
  }
  return status;
}

int WaitMs(absl::Duration wait) {
  if (wait <= absl::ZeroDuration()) return 0;
  return static_cast<int>(
      absl::ToInt64Milliseconds(absl::Ceil(std::min(wait, absl::Hours(1)), absl::Milliseconds(1))));
}

absl::StatusOr<std::unique_ptr<Client>> Client::Open(rd_kafka_type_t type,
                                                     const KafkaOptions& options,
                                                     absl::string_view role,
                                                     const Properties& defaults,
                                                     const Properties& fixed) {
  std::unique_ptr<Client> client(new Client(options.log));
  RdConf conf(rd_kafka_conf_new());
  const Properties common = {
      {"socket.nagle.disable", "true"},  // on by default: a large part of the latency
      {"socket.timeout.ms", "10000"},
      {"reconnect.backoff.max.ms", "1000"},  // a broker is back within seconds
      {"topic.metadata.refresh.interval.ms", "60000"},
  };
  DOLEN_RETURN_IF_ERROR(SetAll(conf.get(), common));
  DOLEN_RETURN_IF_ERROR(SetAll(conf.get(), defaults));
  DOLEN_RETURN_IF_ERROR(SetAll(conf.get(), options.properties));
  DOLEN_RETURN_IF_ERROR(SetAll(conf.get(), fixed));
  DOLEN_RETURN_IF_ERROR(
      SetAll(conf.get(), {{"bootstrap.servers", options.bootstrap},
                          {"client.id", absl::StrCat(options.client_id, "-", role)},
                          {"allow.auto.create.topics", "false"}}));
  rd_kafka_conf_set_opaque(conf.get(), client.get());
  rd_kafka_conf_set_log_cb(conf.get(), &Client::OnLog);
  rd_kafka_conf_set_error_cb(conf.get(), &Client::OnError);
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf.get(), &Client::OnDelivery);
  rd_kafka_conf_interceptor_add_on_new(conf.get(), "dolen", &Client::OnNew, client.get());

  char why[256];
  client->rk_.reset(rd_kafka_new(type, conf.get(), why, sizeof(why)));
  if (client->rk_ == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("Kafka: cannot make a client: ", why));
  }
  conf.release();  // rd_kafka_new took it
  return client;
}

absl::Status Client::TakeError() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(last_error_, absl::OkStatus());
}

absl::Status Client::Fatal() const {
  char why[256];
  const rd_kafka_resp_err_t err = rd_kafka_fatal_error(rk(), why, sizeof(why));
  return KafkaError(err, "the client has given up", why);
}

absl::Status Client::FirstFailure() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return first_failure_;
}

void Client::OnLog(const rd_kafka_t* rk, int level, const char* facility, const char* text) {
  const auto* self = static_cast<const Client*>(rd_kafka_opaque(rk));
  // "Not for consumers": one map of properties serves readers and writers.
  if (absl::string_view(facility) == "CONFWARN") return;
  if (self->log_ != nullptr) self->log_(level, absl::StrCat("kafka ", facility, ": ", text));
}

void Client::OnError(rd_kafka_t*, int err, const char* reason, void* opaque) {
  auto* self = static_cast<Client*>(opaque);
  std::lock_guard<std::mutex> lock(self->mutex_);
  self->last_error_ = KafkaError(static_cast<rd_kafka_resp_err_t>(err), "connection", reason);
}

void Client::OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* self = static_cast<Client*>(opaque);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    self->delivered_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  std::lock_guard<std::mutex> lock(self->mutex_);
  if (self->first_failure_.ok()) {
    self->first_failure_ =
        KafkaError(message->err, absl::StrCat("writing to ", rd_kafka_topic_name(message->rkt)));
  }
  self->failed_.fetch_add(1, std::memory_order_relaxed);
}

rd_kafka_resp_err_t Client::OnNew(rd_kafka_t* rk, const rd_kafka_conf_t*, void* self, char*,
                                  size_t) {
  return rd_kafka_interceptor_add_on_request_sent(rk, "dolen", &Client::OnSent, self);
}

// NOLINTNEXTLINE(readability-function-size): the parameters are librdkafka's
rd_kafka_resp_err_t Client::OnSent(rd_kafka_t*, int, const char*, int32_t, int16_t api, int16_t,
                                   int32_t, size_t, void* self) {
  if (api == kEndTxn) {
    static_cast<Client*>(self)->ends_sent_.fetch_add(1, std::memory_order_relaxed);
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace dolen
