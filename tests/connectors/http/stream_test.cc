// Streams of events: how they are written, what bounds them, and that every reader sees every event
// once, in order.
#include "connectors/http/stream.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "connectors/http/server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/connectors/http/support.h"

namespace dolen {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(SseEvent, IsWrittenAsTheStandardSays) {
  EXPECT_EQ(Encoded({"", "", ""}), "data: \n\n");
  EXPECT_EQ(Encoded({"7", "changed", "{}"}), "id: 7\nevent: changed\ndata: {}\n\n");
  EXPECT_EQ(Encoded({"7", "", "a\nb\r\nc\rd"}), "id: 7\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(Encoded({"", "", "\n"}), "data: \ndata: \n\n");
  EXPECT_EQ(Encoded({"", "", "a\r\n"}), "data: a\ndata: \n\n");
  EXPECT_EQ(Encoded({"", "", " blank: first"}), "data:  blank: first\n\n");
}

TEST(SseEventDeathTest, LineEndsInIdOrTypeAreAMistake) {
  for (const std::string& text :
       {std::string("a\nb"), std::string("a\r"), std::string("a\0b", 3)}) {
    EXPECT_DEATH(Encoded({text, "", ""}), "check failed");
    EXPECT_DEATH(Encoded({"", text, ""}), "check failed");
  }
}

TEST(EventStream, HoldsNoMoreThanItsLimitAndThenCutsOff) {
  const SseEvent event{"", "", std::string(93, 'x')};
  ASSERT_EQ(Encoded(event).size(), 101u);
  EventStream stream(1000);
  int woken = 0, closed = 0;
  stream.Attach([&] { ++woken; });
  stream.OnClosed([&] { ++closed; });
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(stream.Send(event));
  EXPECT_EQ(woken, 1);  // once until it is taken
  const EventStream::Taken taken = stream.Take();
  EXPECT_EQ(taken.bytes.size(), 505u);
  EXPECT_FALSE(taken.is_last);
  // What was taken but not written counts still.
  EXPECT_EQ(stream.unsent_bytes(), 505u);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(stream.Send(event));
  stream.Written(505);
  EXPECT_EQ(stream.unsent_bytes(), 404u);
  EXPECT_TRUE(stream.SendEncoded(Encoded(event) + Encoded(event)));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(stream.Send(event));
  EXPECT_EQ(woken, 2);
  EXPECT_EQ(closed, 0);
  EXPECT_FALSE(stream.Send(event));
  EXPECT_TRUE(stream.is_cut_off());
  EXPECT_EQ(woken, 3);  // though nothing was taken since
  EXPECT_EQ(closed, 1);
  EXPECT_FALSE(stream.Send({}));
  stream.Close();
  stream.Detach();
  EXPECT_EQ(closed, 1);
}

TEST(EventStream, WhatWasSentBeforeTheEndIsTaken) {
  EventStream stream;
  EXPECT_TRUE(stream.Send({"1", "", "a"}));
  stream.Close();
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(stream.Send({"2", "", "b"}));
  const EventStream::Taken taken = stream.Take();
  EXPECT_EQ(taken.bytes, "id: 1\ndata: a\n\n");
  EXPECT_TRUE(taken.is_last);
  bool told = false;
  stream.OnClosed([&] { told = true; });
  EXPECT_TRUE(told);
}

TEST(StreamsPerCaller, EachHasItsOwnAndGetsThemBack) {
  StreamsPerCaller streams(2);
  auto first = streams.Open("ann"), second = streams.Open("ann");
  ASSERT_NE(first, nullptr);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(streams.Open("ann"), nullptr);
  EXPECT_NE(streams.Open("bea"), nullptr);  // and dropped at once
  EXPECT_EQ(streams.CountOf("bea"), 0);
  first->Close();
  EXPECT_EQ(streams.CountOf("ann"), 1);
  first.reset();
  EXPECT_EQ(streams.CountOf("ann"), 1);
  EXPECT_NE(first = streams.Open("ann"), nullptr);
  second.reset();  // never closed, never given to a server
  EXPECT_EQ(streams.CountOf("ann"), 1);
}

// A hub: GET /events gives a stream, the test sends on all of them.
class Hub {
 public:
  Router MakeRouter() {
    Router router = TestRouter();
    router.Add("GET", "/events", [this](const HttpRequest& request, const PathArguments&) {
      HttpResponse response;
      response.stream = per_caller_.Open("all");
      if (!response.stream) return Problem(429, "too_many_streams_of_yours", "Close one first.");
      const auto last = request.headers.find("last-event-id");
      if (last != request.headers.end()) response.body = Encoded({last->second, "missed", ""});
      const std::lock_guard<std::mutex> lock(mutex_);
      streams_.push_back(response.stream);
      return response;
    });
    return router;
  }
  void AwaitStreams(size_t count) {
    const absl::Time start = absl::Now();
    while (Streams().size() < count && absl::Now() - start < kPatience) std::this_thread::yield();
    EXPECT_EQ(Streams().size(), count);
  }
  void AwaitOpen(int count) {
    const absl::Time start = absl::Now();
    while (open() != count && absl::Now() - start < kPatience) std::this_thread::yield();
    EXPECT_EQ(open(), count);
  }
  std::vector<std::shared_ptr<EventStream>> Streams() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return streams_;
  }
  int open() const { return per_caller_.CountOf("all"); }
  void Send(const SseEvent& event) {
    for (const auto& stream : Streams()) stream->Send(event);
  }

 private:
  StreamsPerCaller per_caller_{2000};
  std::mutex mutex_;
  std::vector<std::shared_ptr<EventStream>> streams_;
};

class HttpStreamTest : public ::testing::TestWithParam<Transport> {
 protected:
  void Start() { server_ = place_.Serve(hub_.MakeRouter(), options_); }
  std::unique_ptr<RawConnection> Open(absl::string_view further_headers = "") {
    auto connection = place_.Connect();
    connection->Send(RawGet("/events", further_headers));
    const std::string head = connection->ReadUntil("retry: 2000\n\n");
    EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
    return connection;
  }

  Hub hub_;  // outlives the server
  TestPlace place_{GetParam()};
  HttpServerOptions options_;
  std::unique_ptr<HttpServer> server_;
};

INSTANTIATE_TEST_SUITE_P(On, HttpStreamTest,
                         ::testing::Values(Transport::kUnix, Transport::kTcp, Transport::kTls),
                         [](const auto& transport) { return NameOf(transport.param); });

TEST_P(HttpStreamTest, EventsComeAsTheyAreSentAndTheStreamEndsCleanly) {
  Start();
  const auto reader = place_.Connect();
  reader->Send(RawGet("/events", "Accept-Encoding: gzip\r\n"));
  EXPECT_THAT(
      reader->ReadUntil("\r\n\r\nd\r\nretry: 2000\n\n\r\n"),
      AllOf(HasSubstr("content-type: text/event-stream\r\n"),
            HasSubstr("cache-control: no-store\r\n"), HasSubstr("x-accel-buffering: no\r\n"),
            HasSubstr("Transfer-Encoding: chunked\r\n"), Not(HasSubstr("content-encoding")),
            Not(HasSubstr("Content-Length"))));
  hub_.AwaitStreams(1);
  hub_.Send({"1", "", "first"});
  EXPECT_EQ(reader->ReadUntil("\n\n\r\n"), "13\r\nid: 1\ndata: first\n\n\r\n");
  hub_.Send({"2", "", "second"});
  EXPECT_THAT(reader->ReadUntil("\n\n\r\n"), HasSubstr("id: 2\ndata: second\n\n"));
  hub_.Streams()[0]->Send({"3", "", "third"});
  hub_.Streams()[0]->Close();
  EXPECT_THAT(reader->ReadToEnd(), AllOf(HasSubstr("data: third\n\n"), EndsWith("\r\n0\r\n\r\n")));
}

TEST_P(HttpStreamTest, WhatWasMissedComesFirst) {
  Start();
  const auto reader = place_.Connect();
  reader->Send(RawGet("/events", "Last-Event-ID: 1041\r\n"));
  EXPECT_THAT(reader->ReadUntil("data: \n\n"),
              HasSubstr("retry: 2000\n\nid: 1041\nevent: missed\ndata: \n\n"));
}

TEST_P(HttpStreamTest, ReaderOfOldHttpGetsNoChunksAndHeadNoStream) {
  Start();
  const auto old = place_.Connect();
  old->Send("GET /events HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old->ReadUntil("retry"), Not(HasSubstr("chunked")));
  hub_.AwaitStreams(1);
  hub_.Send({"1", "", "a"});
  hub_.Streams()[0]->Close();
  EXPECT_THAT(old->ReadToEnd(), EndsWith("id: 1\ndata: a\n\n"));
  const auto head = place_.Connect();
  head->Send("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(head->ReadToEnd(), AllOf(HasSubstr("text/event-stream"), EndsWith("\r\n\r\n"),
                                       Not(HasSubstr("retry: 2000"))));
  hub_.AwaitOpen(0);
}

TEST_P(HttpStreamTest, SilenceIsFilledWithPings) {
  options_.ping_interval = absl::Milliseconds(20);
  Start();
  const auto reader = Open();
  EXPECT_EQ(CountOf(reader->ReadUntil(": ping\n\n"), ": ping\n\n"), 1);
  EXPECT_EQ(CountOf(reader->ReadUntil(": ping\n\n"), ": ping\n\n"), 1);
}

TEST_P(HttpStreamTest, ReaderThatGoesIsNoticed) {
  Start();
  auto first = Open(), second = Open();
  hub_.AwaitOpen(2);
  first.reset();
  hub_.AwaitOpen(1);
  second->FinishSending();
  hub_.AwaitOpen(0);
  EXPECT_FALSE(hub_.Streams()[0]->Send({}));
}

TEST_P(HttpStreamTest, ReaderThatTalksIsLeftAloneUntilItTalksTooMuch) {
  Start();
  const auto reader = Open();
  EXPECT_TRUE(reader->Send(RawGet("/hello")));
  hub_.Send({"1", "", "a"});
  EXPECT_THAT(reader->ReadUntil("data: a\n\n"), Not(HasSubstr("hello")));
  reader->Send(std::string(200000, 'x'));
  hub_.AwaitOpen(0);
  EXPECT_EQ(place_.StatusNow(), 200);
}

TEST_P(HttpStreamTest, ReaderThatStandsStillIsCutOffAndOthersGoOn) {
  Start();
  const auto deaf = Open(), other = Open();
  hub_.AwaitStreams(2);
  const SseEvent event{"1", "", std::string(1000, 'x')};
  // What the sockets hold, and the limit on top.
  const auto streams = hub_.Streams();
  int sent = 0;
  std::string read;
  while (hub_.open() == 2 && sent < 20000) {
    for (const auto& stream : streams) stream->Send(event);
    ++sent;
    while (CountOf(read, "\n\n") < sent && other->ReadSome(read)) {
    }
  }
  EXPECT_EQ(hub_.open(), 1);
  EXPECT_GT(sent, 200);
  EXPECT_LT(sent, 4000);  // so that what is held for one reader is bounded
  const std::string rest = deaf->ReadToEnd();
  EXPECT_THAT(rest, Not(HasSubstr("still open")));
  EXPECT_THAT(rest, Not(HasSubstr("0\r\n\r\n")));  // it can tell that this is no end
  hub_.Send({"2", "", "on"});
  EXPECT_THAT(other->ReadUntil("data: on"), HasSubstr("id: 2"));
}

TEST_P(HttpStreamTest, ReaderThatTakesNothingIsCutOffByTimeToo) {
  options_.write_timeout = absl::Milliseconds(200);
  Start();
  const auto deaf = Open();
  hub_.AwaitOpen(1);
  const absl::Time start = absl::Now();
  // More than sockets hold comes out of the body and is never too much for the stream itself.
  while (hub_.open() == 1 && absl::Now() - start < kPatience) {
    hub_.Send({"", "", std::string(50000, 'x')});
    absl::SleepFor(absl::Milliseconds(100));
  }
  EXPECT_EQ(hub_.open(), 0);
}

TEST_P(HttpStreamTest, StreamsHoldNoWorkerAndNoPlaceOfAConnection) {
  options_.workers = 1;
  options_.max_connections = 2;
  options_.max_streams = 20;
  Start();
  std::vector<std::unique_ptr<RawConnection>> readers;
  for (int i = 0; i < 20; ++i) {
    readers.push_back(Open());
    EXPECT_EQ(place_.StatusNow(), 200);
  }
  const auto one_more = place_.Connect();
  one_more->Send(RawGet("/events"));
  EXPECT_THAT(one_more->ReadUntil("too_many_streams"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("retry-after: 1\r\n")));
  hub_.AwaitOpen(20);
  readers.clear();
  hub_.AwaitOpen(0);
  Open();
}

TEST_P(HttpStreamTest, StopEndsStreamsAndWhatWasSentArrives) {
  Start();
  std::vector<std::unique_ptr<RawConnection>> readers;
  for (int i = 0; i < 50; ++i) readers.push_back(Open());
  hub_.AwaitStreams(50);
  for (int i = 0; i < 100; ++i) hub_.Send({absl::StrCat(i), "", "x"});
  const absl::Time start = absl::Now();
  server_.reset();
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  for (const auto& reader : readers) {
    const std::string events = reader->ReadToEnd();
    EXPECT_EQ(CountOf(events, "data: x\n\n"), 100);
    EXPECT_THAT(events, EndsWith("\r\n0\r\n\r\n"));
  }
  EXPECT_EQ(hub_.open(), 0);
  EXPECT_FALSE(hub_.Streams()[0]->Send({}));
}

TEST_P(HttpStreamTest, StopWhileEverybodySendsLosesNothingOfWhatWasTaken) {
  for (int round = 0; round < 5; ++round) {
    Hub hub;
    auto server = place_.Serve(hub.MakeRouter(), options_);
    std::vector<std::unique_ptr<RawConnection>> readers;
    for (int i = 0; i < 10; ++i) {
      readers.push_back(place_.Connect());
      readers.back()->Send(RawGet("/events"));
    }
    hub.AwaitStreams(10);
    std::atomic<bool> go_on{true};
    std::vector<std::thread> senders;
    for (int t = 0; t < 2; ++t) {
      senders.emplace_back([&, t] {
        for (int i = 0; go_on && i < 1000; ++i) hub.Send({"", "", absl::StrCat(t, ".", i)});
      });
    }
    server.reset();
    go_on = false;
    for (std::thread& sender : senders) sender.join();
    for (const auto& reader : readers) {
      const std::string events = reader->ReadToEnd();
      EXPECT_THAT(events, EndsWith("0\r\n\r\n"));
      for (int t = 0; t < 2; ++t) {  // each sender's events from the first, without a gap
        const int count = CountOf(events, absl::StrCat("data: ", t, "."));
        for (int i = 0; i < count; ++i) {
          EXPECT_EQ(CountOf(events, absl::StrCat("data: ", t, ".", i, "\n\n")), 1);
        }
      }
    }
  }
}

// Takes events off what has come on one connection and checks that they are numbered from 0.
class CountingReader {
 public:
  explicit CountingReader(std::unique_ptr<RawConnection> connection)
      : connection_(std::move(connection)) {}
  int AwaitEvents(int count) {
    while (next_ < count && connection_->ReadSome(bytes_)) {
      for (size_t at = 0; (at = bytes_.find("data: ")) != std::string::npos;) {
        const size_t end = bytes_.find('\n', at);
        if (end == std::string::npos) break;
        int number = -1;
        EXPECT_TRUE(absl::SimpleAtoi(bytes_.substr(at + 6, end - at - 6), &number));
        EXPECT_EQ(number, next_);
        ++next_;
        bytes_.erase(0, end);
      }
    }
    return next_;
  }

 private:
  std::unique_ptr<RawConnection> connection_;
  std::string bytes_;
  int next_ = 0;
};

TEST(HttpStreamCrowd, AThousandReadersSeeEveryEventOnceAndInOrder) {
  constexpr int kReaders = 1000, kEvents = 200;
  Hub hub;
  TestPlace place(Transport::kUnix);
  const auto server = place.Serve(hub.MakeRouter());
  ASSERT_NE(server, nullptr);
  std::vector<CountingReader> readers;
  for (int i = 0; i < kReaders; ++i) {
    auto connection = place.Connect();
    connection->Send(RawGet("/events"));
    connection->ReadUntil("retry: 2000\n\n");
    readers.emplace_back(std::move(connection));
  }
  hub.AwaitStreams(kReaders);
  std::thread sender([&] {
    for (int i = 0; i < kEvents; ++i) hub.Send({absl::StrCat(i), "changed", absl::StrCat(i)});
  });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(place.StatusNow(), 200);  // requests go on meanwhile
  for (CountingReader& reader : readers) EXPECT_EQ(reader.AwaitEvents(kEvents), kEvents);
  sender.join();
}

}  // namespace
}  // namespace dolen
