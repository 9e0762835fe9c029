// A TCP proxy before a Kafka that loses answers: the request reaches the broker, the broker does
// what it says and answers, and the answer is taken off the wire. The client cannot know what
// became of its request.
//
// Of the protocol it knows the frames only, the name of a request, and that the answers of a
// connection come in the order of its requests. One thread relays for all connections.
#ifndef DOLEN_TESTS_CONNECTORS_KAFKA_LOSSY_PROXY_H_
#define DOLEN_TESTS_CONNECTORS_KAFKA_LOSSY_PROXY_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "connectors/http/socket_file.h"
#include "tests/connectors/kafka/broker.h"

namespace dolen {

// The requests of Dolen that change something, by Kafka's numbers.
enum class KafkaApi : int16_t {
  kProduce = 0,
  kOffsetCommit = 8,
  kInitProducerId = 22,
  kAddPartitionsToTxn = 24,
  kEndTxn = 26,
};

absl::string_view NameOf(KafkaApi api);

enum class Loss {
  kClosed,    // the client's connection is closed instead
  kWithheld,  // nothing more comes on it, until the client gives it up
};

class LossyProxy {
 public:
  // Loses nothing yet. The broker outlives it; one proxy at a time stands before a broker.
  LossyProxy(const TestBroker& broker, uint64_t seed);
  ~LossyProxy();  // closes all connections
  LossyProxy(const LossyProxy&) = delete;
  LossyProxy& operator=(const LossyProxy&) = delete;

  // The broker, for clients that are to stay behind the proxy.
  std::string bootstrap() const;
  KafkaOptions Options() const;

  // From now on loses the answers to one of `one_in` such requests, by chance; 0: to none.
  void LoseOneIn(int one_in, KafkaApi api);
  // Loses the answers to the next `count` such requests.
  void LoseNext(int count, KafkaApi api, Loss loss = Loss::kClosed);
  // How many were lost so far.
  int64_t lost(KafkaApi api) const;

 private:
  struct Connection;
  struct Plan {
    int one_in = 0;
    int next = 0;
    Loss loss = Loss::kClosed;  // of the next ones
    int64_t lost = 0;
  };

  void Run();
  void Accept();
  // False: the connection has ended.
  bool Relay(Connection& connection, int16_t client_events, int16_t broker_events);
  static void PassRequests(Connection& connection);
  bool PassAnswers(Connection& connection);  // false: one was lost, and with it the connection
  // What becomes of an answer that has come; absent: it is passed on.
  absl::optional<Loss> Fate(int16_t api);

  const TestBroker& broker_;
  const Descriptor listener_;
  mutable std::mutex mutex_;       // guards the two below
  std::map<int16_t, Plan> plans_;  // by the API's number
  std::mt19937_64 random_;
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<Connection>> connections_;  // of the thread
  std::thread thread_;                                    // last: starts when all is there
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_KAFKA_LOSSY_PROXY_H_
