#include <string>
#include <utility>
#include <vector>

#include "connectors/http/head.h"
#include "connectors/http/http.h"
#include "connectors/http/router.h"
#include "connectors/http/target.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/connectors/http/support.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

HttpRequest Parsed(absl::string_view target) {
  HttpRequest request;
  EXPECT_TRUE(ParseTarget(target, request).ok()) << target;
  return request;
}

TEST(Target, PathIsSplitBeforeItIsDecoded) {
  EXPECT_THAT(Parsed("/").path, IsEmpty());
  EXPECT_THAT(Parsed("/v1/children").path, ElementsAre("v1", "children"));
  EXPECT_THAT(Parsed("/a%2Fb/%7Bx%7D").path, ElementsAre("a/b", "{x}"));
  EXPECT_THAT(Parsed("/Llanfair%20Caereinion/%C5%B5%e2%82%ac").path,
              ElementsAre("Llanfair Caereinion", "ŵ€"));
  EXPECT_THAT(Parsed("/a+b/").path, ElementsAre("a+b", ""));
  EXPECT_THAT(Parsed("//a").path, ElementsAre("", "a"));
}

TEST(Target, QueryIsDecodedAndPlusIsASpace) {
  EXPECT_THAT(
      Parsed("/?a=1&b=x+y%2Bz&c&d=e=f&&").query,
      UnorderedElementsAre(Pair("a", "1"), Pair("b", "x y+z"), Pair("c", ""), Pair("d", "e=f")));
}

TEST(Target, AbsoluteFormIsTaken) {
  EXPECT_THAT(Parsed("http://localhost/v1/x?q=1").path, ElementsAre("v1", "x"));
  EXPECT_THAT(Parsed("HTTPS://localhost:8080/v1").path, ElementsAre("v1"));
}

TEST(Target, NonsenseIsRefused) {
  for (absl::string_view target :
       {"", "*", "v1/x", "/%", "/%4", "/%4g", "/%GG", "/a?b=%zz", "/%00", "/a?b=%00", "/%ff",
        "/%c3", "/%c0%af", "/%ed%a0%80", "/%f4%90%80%80", "/%e0%80%80", "/?a=1&a=2",
        "ftp://localhost/"}) {
    HttpRequest request;
    const absl::Status status = ParseTarget(target, request);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << target << ": " << status;
  }
}

TEST(Target, WhatIsWrittenIsReadAgain) {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  all += "ŵ€𝄞";
  HttpRequest request = Get({"v1", "a/b", all, "..", ""});
  request.query = {{"q", all}, {all, ""}, {"", "x"}};
  const HttpRequest again = Parsed(TargetOf(request));
  EXPECT_EQ(again.path, request.path);
  EXPECT_EQ(again.query, request.query);
  EXPECT_EQ(TargetOf(Get({})), "/");
}

TEST(Problem, IsJsonWithTheFiveMembers) {
  const HttpResponse problem = Problem(404, "no_such_child", "A \"quoted\"\nline \\.");
  EXPECT_EQ(problem.status, 404);
  EXPECT_EQ(problem.content_type, "application/problem+json");
  EXPECT_EQ(problem.body,
            "{\"type\":\"urn:problem-type:dolen:no_such_child\",\"title\":\"Not Found\","
            "\"status\":404,\"detail\":\"A \\\"quoted\\\"\\u000aline \\\\.\","
            "\"code\":\"no_such_child\"}\n");
}

TEST(Head, HasWhatHttpAsksForAndTheHandlersHeaders) {
  HttpResponse response;
  response.status = 200;
  response.content_type = "text/csv";
  response.body = "a,b";
  response.headers = {{"etag", "\"1\""}, {"x-position", "7"}};
  const std::string head = *HeadOf(response, Framing::kLength, true);
  EXPECT_THAT(head, ::testing::MatchesRegex(
                        "HTTP/1.1 200 OK\r\nDate: [^\r]* GMT\r\nContent-Length: 3\r\n"
                        "etag: \"1\"\r\nx-position: 7\r\ncontent-type: text/csv\r\n"
                        "cache-control: private, no-store\r\nx-content-type-options: nosniff\r\n"
                        "\r\n"));
  response.headers["cache-control"] = "private, no-cache";
  response.content_type.clear();
  const std::string other = *HeadOf(response, Framing::kNone, false);
  EXPECT_EQ(CountOf(other, "cache-control"), 1);
  EXPECT_THAT(other, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(other, ::testing::Not(HasSubstr("Content-Length")));
  EXPECT_THAT(other, ::testing::Not(HasSubstr("content-type:")));
}

TEST(Head, HeadersThatCannotBeSentOrAreTheServersAreRefused) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"", "x"},
                                                        {"a b", "x"},
                                                        {"a:", "x"},
                                                        {"a", "x\r\ny: z"},
                                                        {"a", std::string("x\0y", 3)},
                                                        {"content-length", "3"},
                                                        {"Content-Length", "3"},
                                                        {"transfer-encoding", "chunked"},
                                                        {"connection", "keep-alive"},
                                                        {"date", "today"}}) {
    HttpResponse response;
    response.headers[name] = value;
    EXPECT_TRUE(absl::IsInvalidArgument(HeadOf(response, Framing::kLength, true).status())) << name;
  }
  for (int status : {0, 100, 199, 600, -1}) {
    HttpResponse response;
    response.status = status;
    EXPECT_FALSE(HeadOf(response, Framing::kLength, true).ok()) << status;
  }
}

Router NamingRouter(const std::vector<std::pair<std::string, std::string>>& routes) {
  Router router;
  for (const auto& [method, pattern] : routes) {
    router.Add(method, pattern,
               [name = method + " " + pattern](const HttpRequest&, const PathArguments& arguments) {
                 HttpResponse response;
                 response.body = name;
                 for (const auto& [key, value] : arguments)
                   response.body += " " + key + "=" + value;
                 return response;
               });
  }
  return router;
}

HttpResponse Ask(const Router& router, std::string method, std::vector<std::string> path) {
  HttpRequest request = Get(std::move(path));
  request.method = std::move(method);
  return router.Answer(request);
}

TEST(Router, NamedSegmentsAreArguments) {
  const Router router = NamingRouter({{"GET", "/v1/children/{issuer}/{value}/timeline"}});
  EXPECT_EQ(Ask(router, "GET", {"v1", "children", "nhs", "94/3", "timeline"}).body,
            "GET /v1/children/{issuer}/{value}/timeline issuer=nhs value=94/3");
  EXPECT_EQ(Ask(router, "GET", {"v1", "children", "nhs", "", "timeline"}).status, 404);
  EXPECT_EQ(Ask(router, "GET", {"v1", "children", "nhs", "943"}).status, 404);
  EXPECT_EQ(Ask(router, "GET", {"v1", "children", "nhs", "943", "timeline", ""}).status, 404);
}

TEST(Router, LiteralSegmentsWinWhateverTheOrderOfAdding) {
  const Router router = NamingRouter({{"GET", "/{a}/{b}"},
                                      {"GET", "/books/{id}"},
                                      {"GET", "/books/draft"},
                                      {"GET", "/{a}/draft"}});
  EXPECT_EQ(Ask(router, "GET", {"books", "draft"}).body, "GET /books/draft");
  EXPECT_EQ(Ask(router, "GET", {"books", "x"}).body, "GET /books/{id} id=x");
  EXPECT_EQ(Ask(router, "GET", {"x", "draft"}).body, "GET /{a}/draft a=x");
  EXPECT_EQ(Ask(router, "GET", {"x", "y"}).body, "GET /{a}/{b} a=x b=y");
}

TEST(Router, OtherMethodsAreNotAllowedAndTheAllowedOnesNamed) {
  const Router router =
      NamingRouter({{"GET", "/a"}, {"POST", "/a"}, {"DELETE", "/{x}"}, {"GET", "/"}});
  const HttpResponse response = Ask(router, "PUT", {"a"});
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.at("allow"), "DELETE, GET, HEAD, POST");
  EXPECT_THAT(response.body, HasSubstr("method_not_allowed"));
  EXPECT_EQ(Ask(router, "DELETE", {"a"}).body, "DELETE /{x} x=a");
  EXPECT_EQ(Ask(router, "HEAD", {"a"}).body, "GET /a");
  EXPECT_EQ(Ask(router, "GET", {}).body, "GET /");
  EXPECT_EQ(Ask(router, "get", {"a"}).status, 405);
}

TEST(RouterDeathTest, PatternsThatCannotBeToldApartAreAMistake) {
  Router router = NamingRouter({{"GET", "/a/{b}"}});
  const HttpHandler handler = [](const HttpRequest&, const PathArguments&) {
    return HttpResponse{};
  };
  EXPECT_DEATH(router.Add("GET", "/a/{c}", handler), "check failed");
  EXPECT_DEATH(router.Add("GET", "a", handler), "check failed");
  EXPECT_DEATH(router.Add("GET", "/{x}/{x}", handler), "check failed");
  router.Add("POST", "/a/{c}", handler);
}

}  // namespace
}  // namespace dolen
