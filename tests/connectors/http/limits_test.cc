// What clients may not do: send too much, too slowly, or come in too great a number.
#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "connectors/http/client.h"
#include "connectors/http/server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/connectors/http/support.h"

namespace dolen {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Short, so that the tests wait for real time-outs and not for long.
constexpr absl::Duration kShort = absl::Milliseconds(200);

// On each of the transports: what is bounded on one must be on all.
class HttpLimitsTest : public ::testing::TestWithParam<Transport> {
 protected:
  std::unique_ptr<HttpServer> Start(Gate* gate = nullptr) {
    return place_.Serve(TestRouter(gate), options_);
  }
  bool has_tls() const { return GetParam() == Transport::kTls; }
  // Sends the bytes on a connection of its own and reads until the server closes it.
  std::string Say(absl::string_view bytes) {
    const auto connection = place_.Connect();
    connection->Send(bytes);
    return connection->ReadToEnd();
  }

  bool ServesAgain() {
    const absl::Time start = absl::Now();
    while (absl::Now() - start < kPatience) {
      if (place_.StatusNow() == 200) return true;
      std::this_thread::yield();
    }
    return false;
  }

  TestPlace place_{GetParam()};
  HttpServerOptions options_;
};

INSTANTIATE_TEST_SUITE_P(On, HttpLimitsTest,
                         ::testing::Values(Transport::kUnix, Transport::kTcp, Transport::kTls),
                         [](const auto& transport) { return NameOf(transport.param); });

TEST_P(HttpLimitsTest, HeaderThatIsTooLargeIs431) {
  const auto server = Start();
  const auto fits = place_.Connect();
  fits->Send(RawGet("/hello", absl::StrCat("X-Long: ", std::string(7000, 'x'), "\r\n")));
  EXPECT_THAT(fits->ReadUntil("hello"), StartsWith("HTTP/1.1 200 "));
  for (const std::string& bytes :
       {RawGet("/hello", absl::StrCat("X-Long: ", std::string(9000, 'x'), "\r\n")),
        RawGet(absl::StrCat("/", std::string(9000, 'x'))), std::string(200000, 'x'),
        "GET /hello HTTP/1.1\r\nX: " + std::string(1000000, 'y')}) {
    const auto connection = place_.Connect();
    connection->Send(bytes);
    EXPECT_THAT(connection->ReadUntil("header_too_large"), StartsWith("HTTP/1.1 431 "));
  }
  EXPECT_EQ(place_.StatusNow(), 200);
}

TEST_P(HttpLimitsTest, BodyThatSaysItIsTooLargeIs413BeforeItIsRead) {
  options_.max_body_bytes = 1000;
  const auto server = Start();
  const auto connection = place_.Connect();
  connection->Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_THAT(connection->ReadUntil("body_too_large"), StartsWith("HTTP/1.1 413 "));
  const auto fits = place_.Connect();
  fits->Send(absl::StrCat("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
                          std::string(1000, 'x')));
  EXPECT_THAT(fits->ReadUntil(std::string(1000, 'x')), StartsWith("HTTP/1.1 200 "));
}

TEST_P(HttpLimitsTest, ChunkedBodyThatGrowsTooLargeIs413) {
  options_.max_body_bytes = 1000;
  const auto server = Start();
  const auto connection = place_.Connect();
  connection->Send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11; ++i) connection->Send("64\r\n" + std::string(100, 'x') + "\r\n");
  EXPECT_THAT(connection->ReadUntil("body_too_large"), StartsWith("HTTP/1.1 413 "));
}

TEST_P(HttpLimitsTest, FrameOfAChunkThatDoesNotEndIsRefused) {
  const auto server = Start();
  const auto connection = place_.Connect();
  connection->Send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;");
  connection->Send(std::string(200000, 'x'));
  EXPECT_THAT(connection->ReadUntil("header_too_large"), StartsWith("HTTP/1.1 431 "));
}

TEST_P(HttpLimitsTest, ClientThatDripsItsHeaderIsCutOffAndOthersGoOn) {
  options_.header_timeout = kShort;
  const auto server = Start();
  std::vector<std::thread> slow;
  for (int i = 0; i < 20; ++i) {
    slow.emplace_back([&] {
      const auto connection = place_.Connect();
      const absl::Time start = absl::Now();
      bool open = connection->Send("GET /hello HTTP/1.1\r\nX: ");
      // Each byte comes long before the time-out, the whole never.
      while (open && absl::Now() - start < kPatience) {
        absl::SleepFor(absl::Milliseconds(5));
        open = connection->Send("x");
      }
      EXPECT_FALSE(open);
      EXPECT_GE(absl::Now() - start, kShort - absl::Milliseconds(20));
    });
  }
  for (int i = 0; i < 50; ++i) EXPECT_EQ(place_.StatusNow(), 200);
  for (std::thread& thread : slow) thread.join();
}

TEST_P(HttpLimitsTest, BodyThatDoesNotComeIsCutOff) {
  options_.body_timeout = kShort;
  const auto server = Start();
  EXPECT_EQ(Say("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"), "");
  EXPECT_EQ(place_.StatusNow(), 200);
}

TEST_P(HttpLimitsTest, BodyThatDripsIsCutOff) {
  options_.body_timeout = kShort;
  const auto server = Start();
  const auto connection = place_.Connect();
  const absl::Time start = absl::Now();
  bool open = connection->Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  while (open && absl::Now() - start < kPatience) {
    absl::SleepFor(absl::Milliseconds(5));
    open = connection->Send("x");
  }
  EXPECT_FALSE(open);
}

TEST_P(HttpLimitsTest, IdleConnectionIsClosed) {
  options_.header_timeout = kShort;
  options_.idle_timeout = kShort;
  const auto server = Start();
  const auto silent = place_.Connect(), served = place_.Connect();
  served->Send(RawGet("/hello"));
  EXPECT_EQ(CountOf(served->ReadToEnd(), "200 OK"), 1);
  EXPECT_EQ(silent->ReadToEnd(), "");
}

TEST_P(HttpLimitsTest, AnswerThatIsNotTakenIsCutOff) {
  options_.write_timeout = kShort;
  const auto server = Start();
  const auto deaf = place_.Connect();
  deaf->Send(RawGet("/large?bytes=50000000"));
  deaf->ReadUntil("\r\n\r\n");
  absl::SleepFor(2 * kShort);
  const std::string rest = deaf->ReadToEnd();
  EXPECT_LT(rest.size(), 50000000u);
  EXPECT_THAT(rest, Not(HasSubstr("still open")));
}

TEST_P(HttpLimitsTest, PipelinedRequestsThatNobodyReadsTheAnswersOfAreCutOff) {
  options_.write_timeout = kShort;
  const auto server = Start();
  const auto deaf = place_.Connect();
  const std::string request = RawGet("/large?bytes=100000");
  // The server stops reading as soon as it cannot write, so this cannot all be taken.
  bool is_taken = true;
  for (int i = 0; is_taken && i < 1000000; ++i) is_taken = deaf->Send(request);
  EXPECT_FALSE(is_taken);
  EXPECT_EQ(place_.StatusNow(), 200);
}

TEST_P(HttpLimitsTest, TenThousandPipelinedRequestsAreAnsweredInOrder) {
  const auto server = Start();
  const auto connection = place_.Connect();
  std::string requests;
  for (int i = 0; i < 10000; ++i) absl::StrAppend(&requests, RawGet(absl::StrCat("/things/n/", i)));
  // One thread sends as fast as it is let; our TLS is for one thread only, and sends in pieces.
  const size_t piece = has_tls() ? 20000 : requests.size();
  std::string answers;
  for (absl::string_view rest = requests; !rest.empty();
       rest.remove_prefix(std::min(piece, rest.size()))) {
    std::thread sender([&] { EXPECT_TRUE(connection->Send(rest.substr(0, piece))); });
    if (has_tls()) sender.join();
    const int whole =
        CountOf(requests.substr(0, requests.size() - rest.size() + piece), "\r\n\r\n");
    while (CountOf(answers, "[n]") < whole && connection->ReadSome(answers)) {
    }
    if (!has_tls()) sender.join();
  }
  size_t at = 0;
  for (int i = 0; i < 10000; ++i) {
    at = answers.find(absl::StrCat("[n][", i, "]"), at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_EQ(CountOf(answers, "HTTP/1.1 200 OK"), 10000);
}

TEST_P(HttpLimitsTest, OneConnectionTooManyIsTurnedAway) {
  Gate gate;
  options_.max_connections = 3;
  const auto server = Start(&gate);
  {
    std::vector<std::unique_ptr<RawConnection>> busy;
    for (int i = 0; i < 3; ++i) {
      busy.push_back(place_.Connect());
      busy.back()->Send(RawGet("/wait"));
    }
    gate.AwaitWaiting(3);
    for (int i = 0; i < 20; ++i) {
      const auto connection = place_.ConnectBare();
      if (has_tls()) {
        EXPECT_EQ(connection->ReadToEnd(), "");
        continue;
      }
      const std::string answer = connection->ReadToEnd();
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
      EXPECT_THAT(answer, HasSubstr("retry-after: 1\r\n"));
      EXPECT_THAT(answer, HasSubstr("too_many_connections"));
    }
    gate.Open();
    for (const auto& connection : busy)
      EXPECT_THAT(connection->ReadUntil("waited"), HasSubstr("200"));
  }
  // Their places are free again as soon as the server has seen them close.
  EXPECT_TRUE(ServesAgain());
}

TEST_P(HttpLimitsTest, ConnectionsThatSayNothingGiveTheirPlacesBack) {
  options_.max_connections = 100;
  options_.handshake_timeout = kShort;
  options_.header_timeout = kShort;
  const auto server = Start();
  std::vector<std::unique_ptr<RawConnection>> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(place_.ConnectBare());
  EXPECT_THAT(place_.ConnectBare()->ReadToEnd(), StartsWith(has_tls() ? "" : "HTTP/1.1 503 "));
  for (const auto& connection : silent) EXPECT_EQ(connection->ReadToEnd(), "");
  EXPECT_TRUE(ServesAgain());
}

TEST_P(HttpLimitsTest, BodiesTogetherAreBounded) {
  options_.max_body_bytes = 1000;
  options_.max_bytes_in_flight = 2500;
  const auto server = Start();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n";
  const auto first = place_.Connect(), second = place_.Connect(), third = place_.Connect();
  for (const auto& connection : {first.get(), second.get()}) {
    connection->Send(head + "Expect: 100-continue\r\n\r\n");
    EXPECT_THAT(connection->ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  }
  third->Send(head + "\r\n");
  EXPECT_THAT(third->ReadUntil("too_many_bytes"), StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(place_.StatusNow(), 200);  // what has no body is not held up
  first->Send(std::string(1000, 'x'));
  EXPECT_THAT(first->ReadUntil("xxx"), StartsWith("HTTP/1.1 200 "));
  const auto fourth = place_.Connect();
  fourth->Send(head + "\r\n" + std::string(1000, 'y'));
  EXPECT_THAT(fourth->ReadUntil("yyy"), StartsWith("HTTP/1.1 200 "));
}

// Anything may come in place of a request; the seed of a failure is printed.
TEST_P(HttpLimitsTest, NoiseIsAnsweredOrCutOffAndOthersGoOn) {
  options_.header_timeout = kShort;
  options_.body_timeout = kShort;
  const auto server = Start();
  const std::string good = absl::StrCat(
      RawGet("/things/a/b", "Accept-Encoding: gzip;q=0.5\r\nIf-None-Match: W/\"x\", *\r\n"),
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      RawGet("/hello", "Connection: close\r\n"));
  for (unsigned seed = 1; seed <= 150; ++seed) {
    std::minstd_rand random(seed);
    std::string bytes = good;
    for (unsigned changes = random() % 8; changes > 0; --changes) {
      const size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, random() % 20);
          break;
        default:
          bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 40));
      }
    }
    // Half of them spoil the transport itself.
    const bool is_bare = seed % 2 == 0;
    const auto connection = is_bare ? place_.ConnectBare() : place_.Connect();
    connection->Send(bytes);
    connection->FinishSending();
    EXPECT_THAT(connection->ReadToEnd(), Not(HasSubstr("still open"))) << seed;
  }
  EXPECT_EQ(place_.StatusNow(), 200);
}

TEST(HttpKeptConnections, OneThatTheServerClosedIsMadeAgain) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  HttpServerOptions options;
  options.idle_timeout = absl::Milliseconds(1);
  const auto server = Serve(path, nullptr, options);
  HttpClient client(path);
  for (int i = 0; i < 200; ++i) {  // now and then the end crosses the request
    const auto response = client.Call(Get({"hello"}), kPatience);
    ASSERT_TRUE(response.ok()) << response.status();
    if (i % 4 == 0) absl::SleepFor(absl::Microseconds(900 + i));
  }
}

TEST(HttpKeptConnections, WhoIsTurnedAwayWhileSendingSeesTheAnswer) {
  Gate gate;
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  HttpServerOptions options;
  options.max_connections = 1;
  const auto server = Serve(path, &gate, options);
  RawConnection busy(path);
  busy.Send(RawGet("/wait"));
  gate.AwaitWaiting(1);
  for (int i = 0; i < 20; ++i) {
    const auto response = HttpCall(path, Post({"echo"}, std::string(100000 * i, 'x')), kPatience);
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->status, 503);
  }
  gate.Open();
}

}  // namespace
}  // namespace dolen
