#include "connectors/http/server.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "connectors/http/client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/connectors/http/support.h"

namespace dolen {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class HttpServerTest : public ::testing::Test {
 protected:
  absl::StatusOr<HttpResponse> Call(const HttpRequest& request) {
    return HttpCall(path_, request, kPatience);
  }
  std::string Say(absl::string_view bytes) {
    RawConnection connection(path_);
    connection.Send(bytes);
    connection.FinishSending();
    return connection.ReadToEnd();
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.Path("http.sock");
};

TEST(HttpServerOnTcp, AnswersOnThisMachineAlone) {
  const auto server = HttpServer::ListenOnLoopback(0, TestRouter());
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_GT((*server)->port(), 0);
  RawConnection connection((*server)->port());
  connection.Send(RawGet("/hello"));
  connection.FinishSending();
  const std::string answer = connection.ReadToEnd();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("{\"hello\":true}"));
  const auto second = HttpServer::ListenOnLoopback((*server)->port(), TestRouter());
  EXPECT_TRUE(absl::IsUnavailable(second.status())) << second.status();
  EXPECT_TRUE(absl::IsInvalidArgument(HttpServer::ListenOnLoopback(65536, TestRouter()).status()));
}

TEST_F(HttpServerTest, RequestsGoRound) {
  const auto server = Serve(path_);
  auto response = Call(Get({"hello"}));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "application/json");
  EXPECT_EQ(response->body, "{\"hello\":true}");
  EXPECT_EQ(response->headers.at("cache-control"), "private, no-store");

  std::string body(8 * 1024 * 1024, '\0');  // as large as may be, every byte there is
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7 + i / 251);
  HttpRequest request = Post({"echo"}, body);
  request.content_type = "application/x-protobuf";
  request.query = {{"as_of", "2026-03-02T09:00:00+01:00"}};
  response = Call(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->body == body);
  EXPECT_EQ(response->content_type, "application/x-protobuf");
  EXPECT_EQ(response->headers.at("x-query-as_of"), "2026-03-02T09:00:00+01:00");
}

TEST_F(HttpServerTest, ArgumentsOfThePathMayHoldAnything) {
  const auto server = Serve(path_);
  EXPECT_EQ(Call(Get({"things", "nhs", "943 476"}))->body, "[nhs][943 476]");
  EXPECT_EQ(Call(Get({"things", "a/b?c#d%", "ŵ+&=;:@"}))->body, "[a/b?c#d%][ŵ+&=;:@]");
  EXPECT_THAT(Say(RawGet("/things/%6Ehs/9%2F4")), HasSubstr("[nhs][9/4]"));
}

TEST_F(HttpServerTest, UnknownPathsAndMethodsAreProblems) {
  const auto server = Serve(path_);
  auto response = Call(Get({"nothing"}));
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->content_type, "application/problem+json");
  EXPECT_THAT(response->body, HasSubstr("\"code\":\"not_found\""));
  HttpRequest request = Get({"echo"});
  request.method = "PURGE";
  response = Call(request);
  EXPECT_EQ(response->status, 405);
  EXPECT_EQ(response->headers.at("allow"), "POST");
}

TEST_F(HttpServerTest, HeadHasLengthButNoBody) {
  const auto server = Serve(path_);
  HttpClient client(path_);
  HttpRequest request = Get({"hello"});
  request.method = "HEAD";
  for (int i = 0; i < 3; ++i) {  // a body too many would be read as the next answer
    const auto response = client.Call(request, kPatience);
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->headers.at("content-length"), "14");
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(client.Call(Get({"hello"}), kPatience)->body, "{\"hello\":true}");
  }
}

TEST_F(HttpServerTest, MalformedRequestsAreRefused) {
  const auto server = Serve(path_);
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  for (const std::string& bytes : {
           std::string("\x16\x03\x01\x02\x00\x01", 6),  // TLS
           std::string("hello\r\n\r\n"),
           std::string("GET /hello\r\n\r\n"),
           std::string("GET /hello HTTP/2.0\r\nHost: x\r\n\r\n"),
           std::string("GET /hello HTTP/1.1\r\n\r\n"),  // no Host
           std::string("GET /hello HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
           std::string("GET /hello HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n"),
           std::string("GET /hello HTTP/1.1\r\nHost : x\r\n\r\n"),
           std::string("GET /he\tllo HTTP/1.1\r\nHost: x\r\n\r\n"),
           head + "Content-Length: -1\r\n\r\n",
           head + "Content-Length: 1x\r\n\r\nab",
           head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
           RawGet("*"),
           RawGet("hello"),
           RawGet("/%zz"),
           RawGet("/%00"),
           RawGet("/%ff"),
           RawGet("/hello?a=1&a=2"),
       }) {
    const std::string answer = Say(bytes);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << bytes;
    EXPECT_THAT(answer, HasSubstr("application/problem+json")) << bytes;
    EXPECT_EQ(CountOf(answer, "HTTP/1.1 "), 1) << answer;
  }
  EXPECT_EQ(Call(Get({"hello"}))->status, 200);
}

TEST_F(HttpServerTest, RequestsThatEndTooEarlyAreLeftWithoutAnAnswer) {
  const auto server = Serve(path_);
  for (absl::string_view bytes :
       {"", "GET /hel", "GET /hello HTTP/1.1\r\nHost: x\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"}) {
    EXPECT_EQ(Say(bytes), "") << bytes;
  }
  EXPECT_EQ(Call(Get({"hello"}))->status, 200);
}

TEST_F(HttpServerTest, PipelinedRequestsAreAnsweredInOrder) {
  Gate gate;
  const auto server = Serve(path_, &gate);
  RawConnection connection(path_);
  std::string requests = RawGet("/wait");
  for (int i = 0; i < 50; ++i) {
    absl::StrAppend(&requests, RawGet(absl::StrCat("/things/n/", i)),
                    "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "3\r\n<<", i % 10, "\r\n2\r\n>>\r\n0\r\n\r\n");
  }
  connection.Send(requests + RawGet("/hello", "Connection: close\r\n"));
  gate.AwaitWaiting(1);  // what follows has to wait for the first
  gate.Open();
  const std::string answers = connection.ReadToEnd();
  EXPECT_EQ(CountOf(answers, "HTTP/1.1 200 OK"), 102);
  size_t at = answers.find("waited");
  for (int i = 0; i < 50; ++i) {
    at = answers.find(absl::StrCat("[n][", i, "]"), at);
    at = answers.find(absl::StrCat("<<", i % 10, ">>"), at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST_F(HttpServerTest, ConnectionEndsWhenItIsAskedTo) {
  const auto server = Serve(path_);
  RawConnection connection(path_);
  connection.Send(RawGet("/hello", "Connection: close\r\n"));
  EXPECT_THAT(connection.ReadToEnd(), HasSubstr("Connection: close"));
  RawConnection old(path_);
  old.Send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.ReadToEnd(), HasSubstr("{\"hello\":true}"));
}

TEST_F(HttpServerTest, ExpectedContinueIsSaid) {
  const auto server = Serve(path_);
  RawConnection connection(path_);
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n";
  connection.Send(head + "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(connection.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  connection.Send("hello");
  EXPECT_THAT(connection.ReadUntil("hello"), StartsWith("HTTP/1.1 200 OK"));
  connection.Send(head + "Expect: miracles\r\n\r\n");
  EXPECT_THAT(connection.ReadToEnd(), StartsWith("HTTP/1.1 417 "));
}

TEST_F(HttpServerTest, ManyConnectionsAtOnceAreServed) {
  const auto server = Serve(path_);
  constexpr int kThreads = 8, kEach = 25;  // 200 open connections
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::vector<std::unique_ptr<HttpClient>> clients;
      for (int c = 0; c < kEach; ++c) clients.push_back(std::make_unique<HttpClient>(path_));
      for (int round = 0; round < 5; ++round) {
        for (int c = 0; c < kEach; ++c) {
          const std::string body = absl::StrCat(t, ".", c, ".", round, std::string(2000, 'x'));
          const auto response =
              clients[static_cast<size_t>(c)]->Call(Post({"echo"}, body), kPatience);
          if (response.ok() && response->body == body) ++right;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, kThreads * kEach * 5);
}

TEST_F(HttpServerTest, SlowHandlersHoldUpNobodyWhileAWorkerIsFree) {
  Gate gate;
  HttpServerOptions options;
  options.workers = 4;
  const auto server = Serve(path_, &gate, options);
  std::vector<std::thread> slow;
  for (int i = 0; i < 3; ++i) {
    slow.emplace_back([&] { EXPECT_EQ(Call(Get({"wait"}))->body, "waited"); });
  }
  gate.AwaitWaiting(3);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Call(Get({"hello"}))->status, 200);
  gate.Open();
  for (std::thread& thread : slow) thread.join();
}

// Answers whose time must say nothing once slept in a worker: eight at once held up everybody.
TEST_F(HttpServerTest, AnswersThatAreHeldBackTakeUpNoWorker) {
  constexpr absl::Duration kHeld = absl::Milliseconds(200);
  constexpr int kMany = 20;
  Router router = TestRouter();
  std::atomic<int> handled{0};
  router.Add("GET", "/held", [&](const HttpRequest&, const PathArguments&) {
    ++handled;
    HttpResponse response;
    response.not_before = absl::Now() + kHeld;
    return response;
  });
  HttpServerOptions options;
  options.workers = 1;
  auto server = HttpServer::Listen(path_, std::move(router), options);
  ASSERT_TRUE(server.ok()) << server.status();
  const absl::Time begun = absl::Now();
  std::vector<std::unique_ptr<RawConnection>> held;
  for (int i = 0; i < kMany; ++i) {
    held.push_back(std::make_unique<RawConnection>(path_));
    held.back()->Send(RawGet("/held", "Connection: close\r\n"));
  }
  EXPECT_EQ(Call(Get({"hello"}))->status, 200);
  for (const auto& connection : held) {
    EXPECT_THAT(connection->ReadToEnd(), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_GE(absl::Now() - begun, kHeld);
  EXPECT_LT(absl::Now() - begun, kMany * kHeld / 2) << "one after the other";
  // Those that are held when the server stops are answered still.
  RawConnection last(path_);
  last.Send(RawGet("/held", "Connection: close\r\n"));
  while (handled <= kMany) std::this_thread::yield();
  *server = nullptr;
  EXPECT_THAT(last.ReadToEnd(), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, StopFinishesWhatRunsAndSendsTheAnswers) {
  Gate gate;
  HttpServerOptions options;
  options.workers = 2;
  auto server = Serve(path_, &gate, options);
  std::vector<std::unique_ptr<RawConnection>> busy;
  for (int i = 0; i < 2; ++i) {
    busy.push_back(std::make_unique<RawConnection>(path_));
    busy.back()->Send(RawGet("/wait"));
  }
  gate.AwaitWaiting(2);
  RawConnection idle(path_), half(path_);
  half.Send("GET /hel");
  std::thread stop([&] { server.reset(); });
  EXPECT_EQ(idle.ReadToEnd(), "");  // idle connections end at once, though handlers still run
  EXPECT_EQ(half.ReadToEnd(), "");
  EXPECT_FALSE(SomebodyListens(path_));
  gate.Open();
  for (const auto& connection : busy) {
    const std::string answer = connection->ReadToEnd();
    EXPECT_THAT(answer, HasSubstr("waited"));
    EXPECT_THAT(answer, HasSubstr("Connection: close"));
  }
  stop.join();
}

TEST_F(HttpServerTest, StopDoesNotWaitForClientsThatTakeNothing) {
  HttpServerOptions options;
  options.parting_timeout = absl::Milliseconds(100);
  auto server = Serve(path_, nullptr, options);
  const absl::Time start = absl::Now();
  RawConnection deaf(path_);
  deaf.Send(RawGet("/large?bytes=50000000"));
  EXPECT_THAT(deaf.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 200"));  // it is being written
  server.reset();
  EXPECT_LT(absl::Now() - start, kPatience);  // half the time for which answers may take otherwise
  EXPECT_THAT(deaf.ReadToEnd(), Not(HasSubstr("still open")));
}

TEST_F(HttpServerTest, StopUnderLoadAnswersWhateverWasHandled) {
  for (int round = 0; round < 10; ++round) {
    std::atomic<int> handled{0}, answered{0};
    Router router;
    router.Add("POST", "/count", [&](const HttpRequest&, const PathArguments&) {
      ++handled;
      return HttpResponse{};
    });
    auto server = *HttpServer::Listen(path_, std::move(router));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        HttpClient client(path_);
        absl::StatusOr<HttpResponse> response;
        while ((response = client.Call(Post({"count"}, "x"), kPatience)).ok()) ++answered;
        EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
      });
    }
    while (answered < 50) std::this_thread::yield();
    server.reset();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(handled, answered);
  }
}

TEST_F(HttpServerTest, HandlerThatThrowsIsA500AndTheServerGoesOn) {
  Router router = TestRouter();
  router.Add("GET", "/throw", [](const HttpRequest&, const PathArguments&) -> HttpResponse {
    throw std::runtime_error("a name that must not be told");
  });
  router.Add("GET", "/forge", [](const HttpRequest&, const PathArguments&) {
    HttpResponse response;
    response.headers["x-a"] = "b\r\nx-forged: yes";
    return response;
  });
  const auto server = HttpServer::Listen(path_, std::move(router));
  ASSERT_TRUE(server.ok());
  auto response = Call(Get({"throw"}));
  EXPECT_EQ(response->status, 500);
  EXPECT_THAT(response->body, Not(HasSubstr("must not be told")));
  response = Call(Get({"forge"}));
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->headers.count("x-forged"), 0u);
  EXPECT_EQ(Call(Get({"hello"}))->status, 200);
}

}  // namespace
}  // namespace dolen
