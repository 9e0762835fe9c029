#include "tests/connectors/kafka/lossy_proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"
#include "connectors/http/tcp.h"
#include "engine/base/check.h"

namespace dolen {
namespace {

constexpr int kLookMs = 50;                 // how soon it notices that it is to end
constexpr size_t kEnoughWaiting = 1 << 20;  // bytes for one side, before the other is heard further

// Of a frame: length(4), then a request api(2) version(2) correlation(4), an answer correlation(4).
constexpr size_t kLength = 4;
constexpr size_t kRequestHeader = 12;
constexpr size_t kAnswerHeader = 8;

int64_t Number(absl::string_view bigendian) {
  int64_t number = 0;
  for (const char byte : bigendian) number = number * 256 + static_cast<unsigned char>(byte);
  return number;
}

// The first frame of `bytes`; empty: it is not all there.
absl::string_view FrameAt(absl::string_view bytes) {
  if (bytes.size() < kLength) return {};
  const size_t size = kLength + Number(bytes.substr(0, kLength));
  return bytes.size() < size ? absl::string_view() : bytes.substr(0, size);
}

Descriptor ConnectToPort(int port) {
  Descriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  return connect(fd.get(), to, sizeof(address)) == 0 ? std::move(fd) : Descriptor();
}

// One side of a connection.
struct End {
  Descriptor fd;
  std::string received;  // no whole frame yet
  std::string sending;

  int16_t Events(const End& other) const {
    const int hear = other.sending.size() < kEnoughWaiting ? POLLIN : 0;
    return static_cast<int16_t>(hear | (sending.empty() ? 0 : POLLOUT));
  }
  // Both: false, it is gone.
  bool Receive() {
    char buffer[65536];
    const ssize_t n = recv(fd.get(), buffer, sizeof(buffer), MSG_DONTWAIT);
    if (n > 0) received.append(buffer, static_cast<size_t>(n));
    return n > 0 || (n < 0 && errno == EAGAIN);
  }
  bool Send() {
    if (sending.empty()) return true;
    const ssize_t n = send(fd.get(), sending.data(), sending.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) sending.erase(0, static_cast<size_t>(n));
    return n > 0 || errno == EAGAIN;
  }
};

}  // namespace

absl::string_view NameOf(KafkaApi api) {
  switch (api) {
    case KafkaApi::kProduce:
      return "Produce";
    case KafkaApi::kOffsetCommit:
      return "OffsetCommit";
    case KafkaApi::kInitProducerId:
      return "InitProducerId";
    case KafkaApi::kAddPartitionsToTxn:
      return "AddPartitionsToTxn";
    case KafkaApi::kEndTxn:
      return "EndTxn";
  }
  return "";
}

struct LossyProxy::Connection {
  struct Asked {
    int16_t api = 0;
    int64_t correlation = 0;
  };
  End client, broker;
  std::deque<Asked> asked;  // not answered yet
  bool is_silent = false;
};

LossyProxy::LossyProxy(const TestBroker& broker, uint64_t seed)
    : broker_(broker),
      listener_(ListenOnTcpPort("127.0.0.1", broker.PortOfProxy()).value().fd.Release()),
      random_(seed),
      thread_([this] { Run(); }) {}

LossyProxy::~LossyProxy() {
  stopping_ = true;
  thread_.join();
}

std::string LossyProxy::bootstrap() const {
  return absl::StrCat("127.0.0.1:", broker_.PortOfProxy());
}

KafkaOptions LossyProxy::Options() const {
  KafkaOptions options = broker_.Options();
  options.bootstrap = bootstrap();
  // Soon after a loss, so that a test has many of them.
  options.properties = {{"reconnect.backoff.ms", "10"},
                        {"reconnect.backoff.max.ms", "20"},
                        {"retry.backoff.ms", "10"}};
  return options;
}

void LossyProxy::LoseOneIn(int one_in, KafkaApi api) {
  const std::lock_guard<std::mutex> lock(mutex_);
  plans_[static_cast<int16_t>(api)].one_in = one_in;
}

void LossyProxy::LoseNext(int count, KafkaApi api, Loss loss) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Plan& plan = plans_[static_cast<int16_t>(api)];
  plan.next = count;
  plan.loss = loss;
}

int64_t LossyProxy::lost(KafkaApi api) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto plan = plans_.find(static_cast<int16_t>(api));
  return plan == plans_.end() ? 0 : plan->second.lost;
}

absl::optional<Loss> LossyProxy::Fate(int16_t api) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = plans_.find(api);
  if (found == plans_.end()) return absl::nullopt;
  Plan& plan = found->second;
  const bool is_next = plan.next > 0;
  const bool is_drawn = !is_next && plan.one_in > 0 && random_() % plan.one_in == 0;
  if (!is_next && !is_drawn) return absl::nullopt;
  plan.next -= is_next ? 1 : 0;
  ++plan.lost;
  return is_next ? plan.loss : Loss::kClosed;
}

void LossyProxy::Run() {
  std::vector<pollfd> waiting;
  while (!stopping_) {
    waiting.assign(1, {listener_.get(), POLLIN, 0});
    for (const auto& connection : connections_) {
      const auto& [client, broker, asked, is_silent] = *connection;
      waiting.push_back({client.fd.get(), client.Events(broker), 0});
      waiting.push_back({broker.fd.get(), broker.Events(client), 0});
    }
    if (poll(waiting.data(), waiting.size(), kLookMs) <= 0) continue;
    for (size_t i = 0; i < connections_.size(); ++i) {
      const int16_t of_client = waiting[1 + 2 * i].revents;
      const int16_t of_broker = waiting[2 + 2 * i].revents;
      if (!Relay(*connections_[i], of_client, of_broker)) connections_[i] = nullptr;
    }
    std::erase(connections_, nullptr);
    if (waiting[0].revents != 0) Accept();
  }
}

void LossyProxy::Accept() {
  auto connection = std::make_unique<Connection>();
  connection->client.fd = Descriptor(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  connection->broker.fd = ConnectToPort(broker_.PortBehindProxy());
  if (connection->client.fd.get() < 0 || connection->broker.fd.get() < 0) return;
  for (const End* end : {&connection->client, &connection->broker}) {
    const int on = 1;
    setsockopt(end->fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  connections_.push_back(std::move(connection));
}

bool LossyProxy::Relay(Connection& connection, int16_t client_events, int16_t broker_events) {
  constexpr int kToRead = POLLIN | POLLHUP | POLLERR;
  if ((client_events & kToRead) != 0 && !connection.client.Receive()) return false;
  if ((broker_events & kToRead) != 0 && !connection.broker.Receive()) return false;
  PassRequests(connection);
  const bool goes_on = PassAnswers(connection);
  // What came before an answer that is lost does arrive.
  const bool is_sent = connection.client.Send();
  return goes_on && is_sent && connection.broker.Send();
}

void LossyProxy::PassRequests(Connection& connection) {
  absl::string_view rest = connection.client.received;
  for (absl::string_view frame = FrameAt(rest); !frame.empty(); frame = FrameAt(rest)) {
    DOLEN_CHECK(frame.size() >= kRequestHeader);
    connection.asked.push_back(
        {static_cast<int16_t>(Number(frame.substr(4, 2))), Number(frame.substr(8, 4))});
    connection.broker.sending.append(frame.data(), frame.size());
    rest.remove_prefix(frame.size());
  }
  connection.client.received.erase(0, connection.client.received.size() - rest.size());
}

bool LossyProxy::PassAnswers(Connection& connection) {
  absl::string_view rest = connection.broker.received;
  for (absl::string_view frame = FrameAt(rest); !frame.empty(); frame = FrameAt(rest)) {
    DOLEN_CHECK(frame.size() >= kAnswerHeader && !connection.asked.empty());
    const Connection::Asked asked = connection.asked.front();
    DOLEN_CHECK(asked.correlation == Number(frame.substr(4, 4)));
    connection.asked.pop_front();
    rest.remove_prefix(frame.size());
    const absl::optional<Loss> loss = connection.is_silent ? absl::nullopt : Fate(asked.api);
    if (loss == Loss::kClosed) return false;
    connection.is_silent = connection.is_silent || loss == Loss::kWithheld;
    if (!connection.is_silent) connection.client.sending.append(frame.data(), frame.size());
  }
  connection.broker.received.erase(0, connection.broker.received.size() - rest.size());
  return true;
}

}  // namespace dolen
