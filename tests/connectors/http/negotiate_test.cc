// What is agreed about an answer before it is sent: 304, gzip, Vary and the tags of the two forms.
#include "connectors/http/negotiate.h"

#include <zlib.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "connectors/http/gzip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/connectors/http/support.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Ungzip(absl::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  int result = Z_OK;
  while (result == Z_OK) {
    char buffer[64 * 1024];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof(buffer);
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof(buffer) - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0u);
  inflateEnd(&stream);
  return out;
}

struct Wish {
  const char* header;
  bool wants_gzip;
  bool refuses_identity = false;
};

TEST(AcceptEncoding, SaysWhatIsTaken) {
  const Wish wishes[] = {
      {"", false},
      {"gzip", true},
      {"GZIP", true},
      {"x-gzip", true},
      {"gzip, deflate, br", true},
      {"deflate, br", false},
      {"  gzip  ;  q=0.5  ", true},
      {"gzip;Q=0.001", true},
      {"gzip;q=0", false},
      {"gzip;q=0.0", false},
      {"gzip;q=0.000", false},
      {"gzip;q=1.000", true},
      {"*", true},
      {"*;q=0.1", true},
      {"*;q=0", false, true},
      {"*;q=0, gzip", true, true},
      {"*, gzip;q=0", false},
      {"identity", false},
      {"identity;q=0", false, true},
      {"identity;q=0, gzip", true, true},
      {"identity;q=0, *", true, true},
      {"*;q=0, identity;q=0.1", false},
      {"gzip;q=0.5, identity;q=0.8", false},
      {"gzip;q=0.8, identity;q=0.5", true},
      {"gzip;q=0.5, identity;q=0.5", true},
      {"gzip;q=0.3, *;q=0.9", true},  // "*" says nothing of how gladly the plain answer is taken
      {"gzip, gzip;q=0", false},
      {",,gzip,,", true},
      // Malformed parts say nothing; the others count.
      {"gzip;q=2", false},
      {"gzip;q=1.001", false},
      {"gzip;q=0.0001", false},
      {"gzip;q=.5", false},
      {"gzip;q=-1", false},
      {"gzip;q=", false},
      {"gzip;q", false},
      {"gzip;", false},
      {"gzip;level=9", false},
      {"gzip;q=0.5;q=0.5", false},
      {"gzip q=1", false},
      {"gzip;q=0x, *", true},
      {"gzip\0", true},  // what C takes for the end
  };
  for (const Wish& wish : wishes) {
    const CodingWish parsed = ParseAcceptEncoding(wish.header);
    EXPECT_EQ(parsed.wants_gzip, wish.wants_gzip) << wish.header;
    EXPECT_EQ(parsed.refuses_identity, wish.refuses_identity) << wish.header;
  }
}

// What is said does not depend on order, blanks or case, for lists without repetitions.
TEST(AcceptEncoding, OrderBlanksAndCaseDoNotCount) {
  const std::vector<std::string> weights = {"", ";q=0", ";q=0.5", ";q=1"};
  const auto part = [](const std::string& name, const std::string& weight) {
    return absl::StrCat(name, weight);
  };
  for (const std::string& gzip : weights) {
    for (const std::string& identity : weights) {
      for (const std::string& any : weights) {
        const std::vector<std::string> parts = {part("gzip", gzip), part("identity", identity),
                                                part("*", any)};
        const CodingWish wish = ParseAcceptEncoding(absl::StrJoin(parts, ","));
        std::vector<std::string> turned = {part(" *", any + " "), part("\tIDENTITY ", identity),
                                           part("Gzip", gzip)};
        const CodingWish again = ParseAcceptEncoding(absl::StrJoin(turned, " , "));
        EXPECT_EQ(wish.wants_gzip, again.wants_gzip) << absl::StrJoin(parts, ",");
        EXPECT_EQ(wish.refuses_identity, again.refuses_identity) << absl::StrJoin(parts, ",");
        // "*" says nothing new once both have been named.
        EXPECT_EQ(wish.wants_gzip, gzip != ";q=0" && !(gzip == ";q=0.5" && identity != ";q=0.5" &&
                                                       identity != ";q=0"));
        EXPECT_EQ(wish.refuses_identity, identity == ";q=0");
      }
    }
  }
}

TEST(IfNoneMatch, ListsOfTagsAreRead) {
  EXPECT_THAT(ParseIfNoneMatch("\"a\""), ElementsAre("\"a\""));
  EXPECT_THAT(ParseIfNoneMatch("  W/\"a\" ,\"b\",\t\"\"  "),
              ElementsAre("W/\"a\"", "\"b\"", "\"\""));
  EXPECT_THAT(ParseIfNoneMatch("\"a,b\", \"c\""), ElementsAre("\"a,b\"", "\"c\""));
  EXPECT_THAT(ParseIfNoneMatch("\"W/\""), ElementsAre("\"W/\""));
  EXPECT_THAT(ParseIfNoneMatch(",, \"a\" ,,"), ElementsAre("\"a\""));
  EXPECT_THAT(ParseIfNoneMatch("\"\xC5\xB5\""), ElementsAre("\"\xC5\xB5\""));
  EXPECT_THAT(ParseIfNoneMatch(" * "), ElementsAre("*"));
}

TEST(IfNoneMatch, WhatIsMalformedSaysNothing) {
  for (absl::string_view value :
       {"", "a", "\"", "\"a", "a\"", "w/\"a\"", "W/", "W/a", "W/ \"a\"", "\"a\"\"b\"",
        "\"a\" \"b\"", "\"a\", b", "*, \"a\"", "\"a\", *", "\"a b\"", "\"a\x7F\""}) {
    EXPECT_THAT(ParseIfNoneMatch(value), IsEmpty()) << value;
  }
}

TEST(IfNoneMatch, ComparisonIsWeakAndEitherFormMatches) {
  const std::string own = "\"a-gzip\"", other = "\"a\"";
  EXPECT_EQ(MatchedEtag("\"a-gzip\"", own, other), own);
  EXPECT_EQ(MatchedEtag("W/\"a-gzip\"", own, other), own);
  EXPECT_EQ(MatchedEtag("\"a\"", own, other), other);
  EXPECT_EQ(MatchedEtag("\"x\", W/\"a\"", own, other), other);
  EXPECT_EQ(MatchedEtag("\"a\", \"a-gzip\"", own, other), own);
  EXPECT_EQ(MatchedEtag("*", own, other), own);
  EXPECT_EQ(MatchedEtag("\"A\"", own, other), absl::nullopt);
  EXPECT_EQ(MatchedEtag("", own, other), absl::nullopt);
}

TEST(Etags, AreEqualForEqualBodiesAndDifferForEachCoding) {
  EXPECT_EQ(StrongEtag("abc"), StrongEtag("abc"));
  EXPECT_EQ(StrongEtag("abc"), "\"ba7816bf8f01cfea414140de5dae2223\"");  // of SHA-256
  EXPECT_NE(StrongEtag("abc"), StrongEtag("abd"));
  EXPECT_EQ(GzipEtag("\"abc\""), "\"abc-gzip\"");
  EXPECT_EQ(GzipEtag("W/\"abc\""), "W/\"abc\"");
  EXPECT_EQ(GzipEtag("abc"), "abc");
}

TEST(Gzip, BodiesComeBackAndEqualOnesAreEqual) {
  std::string noise(300000, '\0');
  unsigned state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1103515245 + 12345) >> 16);
  for (const std::string& body :
       {std::string(), std::string("x"), std::string(3000000, 'x'), noise}) {
    const std::string coded = Gzip(body);
    EXPECT_TRUE(Ungzip(coded) == body);
    EXPECT_TRUE(Gzip(body) == coded);
  }
  EXPECT_LT(Gzip(std::string(100000, 'x')).size(), 500u);
}

class NegotiatedTest : public ::testing::Test {
 protected:
  NegotiatedTest() {
    response_.body = body_;
    response_.headers["etag"] = "\"v7\"";
  }
  HttpResponse Ask(const std::string& accept_encoding, const std::string& if_none_match = "") {
    if (!accept_encoding.empty()) request_.headers["accept-encoding"] = accept_encoding;
    if (!if_none_match.empty()) request_.headers["if-none-match"] = if_none_match;
    return Negotiated(request_, response_);
  }

  const std::string body_ = std::string(5000, 'x');
  HttpRequest request_ = Get({"hello"});
  HttpResponse response_;
};

TEST_F(NegotiatedTest, LargeTextIsGzippedForWhoTakesIt) {
  const HttpResponse coded = Ask("gzip");
  EXPECT_EQ(Ungzip(coded.body), body_);
  EXPECT_EQ(coded.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(coded.headers.at("vary"), "accept-encoding");
  EXPECT_EQ(coded.headers.at("etag"), "\"v7-gzip\"");
}

TEST_F(NegotiatedTest, OthersGetItAsItIsAndAreToldThatItVaries) {
  response_.headers["vary"] = "authorization";
  for (const char* header : {"", "br", "gzip;q=0"}) {
    const HttpResponse plain = Ask(header);
    EXPECT_EQ(plain.body, body_);
    EXPECT_EQ(plain.headers.count("content-encoding"), 0u);
    EXPECT_EQ(plain.headers.at("vary"), "authorization, accept-encoding");
    EXPECT_EQ(plain.headers.at("etag"), "\"v7\"");
  }
}

TEST_F(NegotiatedTest, WhatDoesNotShrinkOrMayNotIsLeftAlone) {
  const auto is_plain = [&](const HttpResponse& response) {
    HttpRequest request = request_;
    request.headers["accept-encoding"] = "gzip";
    const HttpResponse answer = Negotiated(request, response);
    return answer.body == response.body && answer.headers == response.headers;
  };
  HttpResponse small = response_;
  small.body = std::string(kMinCodedBytes - 1, 'x');
  EXPECT_TRUE(is_plain(small));
  small.body += 'x';
  EXPECT_FALSE(is_plain(small));
  HttpResponse picture = response_;
  picture.content_type = "image/png";
  EXPECT_TRUE(is_plain(picture));
  HttpResponse secret = response_;
  secret.may_be_compressed = false;
  EXPECT_TRUE(is_plain(secret));
  HttpResponse coded = response_;
  coded.headers["content-encoding"] = "br";
  EXPECT_TRUE(is_plain(coded));
}

TEST_F(NegotiatedTest, WhoRefusesPlainAnswersGetsEvenSmallOnesGzipped) {
  response_.content_type = "image/png";
  response_.body = "tiny";
  EXPECT_EQ(Ungzip(Ask("gzip, identity;q=0").body), "tiny");
  EXPECT_EQ(Ask("br, identity;q=0").body, "tiny");  // nothing would suit, so it goes as it is
}

TEST_F(NegotiatedTest, TypesOfTextAreKnown) {
  for (const char* type :
       {"application/json", "Application/JSON; charset=utf-8", "application/problem+json",
        "text/csv", "text/html; charset=utf-8", "text/css", "text/javascript", "image/svg+xml"}) {
    EXPECT_TRUE(IsCompressible(type)) << type;
  }
  for (const char* type : {"", "image/png", "application/x-protobuf", "font/woff2",
                           "application/jsonx", "text/event-stream"}) {
    EXPECT_FALSE(IsCompressible(type)) << type;
  }
}

TEST_F(NegotiatedTest, WhoHasItGetsNoBody) {
  response_.headers["cache-control"] = "private, no-cache";
  response_.headers["x-projection-position"] = "1041";
  for (const char* method : {"GET", "HEAD"}) {
    request_.method = method;
    for (const char* tags : {"\"v7\"", "W/\"v7\"", "\"v7-gzip\"", "\"v6\", \"v7\"", "*"}) {
      for (const char* codings : {"gzip", "identity"}) {
        const HttpResponse answer = Ask(codings, tags);
        EXPECT_EQ(answer.status, 304) << tags;
        EXPECT_EQ(answer.body, "");
        EXPECT_EQ(answer.content_type, "");
        EXPECT_EQ(answer.headers.count("content-encoding"), 0u);
        EXPECT_EQ(answer.headers.at("cache-control"), "private, no-cache");
        EXPECT_EQ(answer.headers.at("vary"), "accept-encoding");
        EXPECT_EQ(answer.headers.at("x-projection-position"), "1041");
      }
    }
  }
  EXPECT_EQ(Ask("gzip", "\"v7\"").headers.at("etag"), "\"v7\"");
  EXPECT_EQ(Ask("gzip", "\"v7-gzip\"").headers.at("etag"), "\"v7-gzip\"");
  EXPECT_EQ(Ask("gzip", "*").headers.at("etag"), "\"v7-gzip\"");
  EXPECT_EQ(Ask("identity", "*").headers.at("etag"), "\"v7\"");
}

TEST_F(NegotiatedTest, WhoHasAnotherOrMayNotAskGetsTheBody) {
  EXPECT_EQ(Ask("", "\"v6\"").status, 200);
  EXPECT_EQ(Ask("", "v7").status, 200);
  request_.headers["if-none-match"] = "\"v7\"";
  request_.method = "POST";
  EXPECT_EQ(Negotiated(request_, response_).status, 200);
  request_.method = "GET";
  response_.status = 404;
  EXPECT_EQ(Negotiated(request_, response_).status, 404);
  response_.status = 200;
  response_.headers["etag"] = "v7";  // a handler's mistake does not become a match
  EXPECT_EQ(Negotiated(request_, response_).status, 200);
  response_.headers.erase("etag");
  request_.headers["if-none-match"] = "*";
  EXPECT_EQ(Negotiated(request_, response_).status, 200);
}

}  // namespace
}  // namespace dolen
