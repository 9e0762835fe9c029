// What clients may not do: send too much, too slowly, or come in too great a number.
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

class HttpLimitsTest : public ::testing::Test {
 protected:
  int StatusNow() { return HttpCall(path_, Get({"hello"}), kPatience)->status; }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.Path("http.sock");
  HttpServerOptions options_;
};

TEST_F(HttpLimitsTest, HeaderThatIsTooLargeIs431) {
  const auto server = Serve(path_);
  RawConnection fits(path_);
  fits.Send(RawGet("/hello", absl::StrCat("X-Long: ", std::string(7000, 'x'), "\r\n")));
  EXPECT_THAT(fits.ReadUntil("hello"), StartsWith("HTTP/1.1 200 "));
  for (const std::string& bytes :
       {RawGet("/hello", absl::StrCat("X-Long: ", std::string(9000, 'x'), "\r\n")),
        RawGet(absl::StrCat("/", std::string(9000, 'x'))), std::string(200000, 'x'),
        "GET /hello HTTP/1.1\r\nX: " + std::string(1000000, 'y')}) {
    RawConnection connection(path_);
    connection.Send(bytes);
    connection.FinishSending();
    EXPECT_THAT(connection.ReadToEnd(), StartsWith("HTTP/1.1 431 "));
  }
  EXPECT_EQ(StatusNow(), 200);
}

TEST_F(HttpLimitsTest, BodyThatSaysItIsTooLargeIs413BeforeItIsRead) {
  options_.max_body_bytes = 1000;
  const auto server = Serve(path_, nullptr, options_);
  RawConnection connection(path_);
  connection.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_THAT(connection.ReadUntil("body_too_large"), StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(HttpCall(path_, Post({"echo"}, std::string(1000, 'x')), kPatience)->status, 200);
}

TEST_F(HttpLimitsTest, ChunkedBodyThatGrowsTooLargeIs413) {
  options_.max_body_bytes = 1000;
  const auto server = Serve(path_, nullptr, options_);
  RawConnection connection(path_);
  connection.Send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11; ++i) connection.Send("64\r\n" + std::string(100, 'x') + "\r\n");
  EXPECT_THAT(connection.ReadUntil("body_too_large"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpLimitsTest, ClientThatDripsItsHeaderIsCutOffAndOthersGoOn) {
  options_.header_timeout = kShort;
  const auto server = Serve(path_, nullptr, options_);
  std::vector<std::thread> slow;
  for (int i = 0; i < 20; ++i) {
    slow.emplace_back([&] {
      RawConnection connection(path_);
      const absl::Time start = absl::Now();
      bool open = connection.Send("GET /hello HTTP/1.1\r\nX: ");
      // Each byte comes long before the time-out, the whole never.
      while (open && absl::Now() - start < kPatience) {
        absl::SleepFor(absl::Milliseconds(5));
        open = connection.Send("x");
      }
      EXPECT_FALSE(open);
      EXPECT_GE(absl::Now() - start, kShort - absl::Milliseconds(20));
    });
  }
  for (int i = 0; i < 50; ++i) EXPECT_EQ(StatusNow(), 200);
  for (std::thread& thread : slow) thread.join();
}

TEST_F(HttpLimitsTest, BodyThatDoesNotComeIsCutOff) {
  options_.body_timeout = kShort;
  const auto server = Serve(path_, nullptr, options_);
  RawConnection connection(path_);
  connection.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_EQ(connection.ReadToEnd(), "");
  EXPECT_EQ(StatusNow(), 200);
}

TEST_F(HttpLimitsTest, IdleConnectionIsClosed) {
  options_.header_timeout = kShort;
  options_.idle_timeout = kShort;
  const auto server = Serve(path_, nullptr, options_);
  RawConnection silent(path_), served(path_);
  served.Send(RawGet("/hello"));
  EXPECT_EQ(CountOf(served.ReadToEnd(), "200 OK"), 1);
  EXPECT_EQ(silent.ReadToEnd(), "");
}

TEST_F(HttpLimitsTest, KeptConnectionThatTheServerClosedIsMadeAgain) {
  options_.idle_timeout = absl::Milliseconds(1);
  const auto server = Serve(path_, nullptr, options_);
  HttpClient client(path_);
  for (int i = 0; i < 200; ++i) {  // now and then the end crosses the request
    const auto response = client.Call(Get({"hello"}), kPatience);
    ASSERT_TRUE(response.ok()) << response.status();
    if (i % 4 == 0) absl::SleepFor(absl::Microseconds(900 + i));
  }
}

TEST_F(HttpLimitsTest, AnswerThatIsNotTakenIsCutOff) {
  options_.write_timeout = kShort;
  const auto server = Serve(path_, nullptr, options_);
  RawConnection deaf(path_);
  deaf.Send(RawGet("/large?bytes=50000000"));
  deaf.ReadUntil("\r\n\r\n");
  absl::SleepFor(2 * kShort);
  const std::string rest = deaf.ReadToEnd();
  EXPECT_LT(rest.size(), 50000000u);
  EXPECT_THAT(rest, Not(HasSubstr("still open")));
}

TEST_F(HttpLimitsTest, OneConnectionTooManyIsTurnedAway) {
  Gate gate;
  options_.max_connections = 3;
  const auto server = Serve(path_, &gate, options_);
  {
    std::vector<std::thread> busy;
    for (int i = 0; i < 3; ++i) {
      busy.emplace_back([&] { EXPECT_EQ(HttpCall(path_, Get({"wait"}), kPatience)->status, 200); });
    }
    gate.AwaitWaiting(3);
    for (int i = 0; i < 20; ++i) {
      const auto response =
          HttpCall(path_, Post({"echo"}, std::string(100000 * i, 'x')), kPatience);
      ASSERT_TRUE(response.ok()) << response.status();
      EXPECT_EQ(response->status, 503);
      EXPECT_EQ(response->headers.at("retry-after"), "1");
      EXPECT_THAT(response->body, HasSubstr("too_many_connections"));
    }
    gate.Open();
    for (std::thread& thread : busy) thread.join();
  }
  // Their places are free again as soon as the server has seen them close.
  const absl::Time start = absl::Now();
  while (StatusNow() != 200 && absl::Now() - start < kPatience) std::this_thread::yield();
  EXPECT_EQ(StatusNow(), 200);
}

TEST_F(HttpLimitsTest, BodiesTogetherAreBounded) {
  options_.max_body_bytes = 1000;
  options_.max_bytes_in_flight = 2500;
  const auto server = Serve(path_, nullptr, options_);
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n";
  RawConnection first(path_), second(path_), third(path_);
  for (RawConnection* connection : {&first, &second}) {
    connection->Send(head + "Expect: 100-continue\r\n\r\n");
    EXPECT_THAT(connection->ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  }
  third.Send(head + "\r\n");
  EXPECT_THAT(third.ReadUntil("too_many_bytes"), StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(StatusNow(), 200);  // what has no body is not held up
  first.Send(std::string(1000, 'x'));
  EXPECT_THAT(first.ReadUntil("xxx"), StartsWith("HTTP/1.1 200 "));
  RawConnection fourth(path_);
  fourth.Send(head + "\r\n" + std::string(1000, 'y'));
  EXPECT_THAT(fourth.ReadUntil("yyy"), StartsWith("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace dolen
