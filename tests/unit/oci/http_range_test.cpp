#include "packager/oci/http_range.h"

#include "packager/oci/listing.h"
#include "packager/oci/retry.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

TEST(ContentRangeHeader, SaysWhichBytesOfHowMany) {
    EXPECT_EQ(parse_content_range("bytes 5-9/10"), (ContentRange{5, 9, 10}));
    EXPECT_EQ(parse_content_range("bytes 0-0/*"), (ContentRange{0, 0, std::nullopt}));
}

TEST(ContentRangeHeader, ThatIsMalformedOrImpossibleIsNothing) {
    for (const char* value :
         {"", "bytes", "bytes ", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "bytes -9/10", "bytes 5-/10",
          "bytes 5-9/", "bytes 5-9/x", "bytes 5-9/10x", "bytes */10", "items 5-9/10", "bytes 0x5-9/10",
          "bytes 5-18446744073709551615/*", "bytes 5-99999999999999999999/*"})
        EXPECT_FALSE(parse_content_range(value)) << value;
}

TEST(UploadRangeHeader, SaysHowMuchTheRegistryHas) {
    EXPECT_EQ(parse_upload_range("0-9"), 10u);
    EXPECT_EQ(parse_upload_range("bytes=0-9"), 10u) << "as some registries write it";
    EXPECT_EQ(parse_upload_range("0-0"), 0u) << "as docker-registry says nothing";
}

TEST(UploadRangeHeader, ThatIsMalformedIsNothing) {
    for (const char* value : {"", "-", "0-", "-9", "1-9", "9", "0--1", "0-18446744073709551615", "0-1,2-3"})
        EXPECT_FALSE(parse_upload_range(value)) << value;
}

TEST(LinkHeader, NamesTheNextPage) {
    EXPECT_EQ(next_link("</v2/a/tags/list?n=2&last=b>; rel=\"next\""), "/v2/a/tags/list?n=2&last=b");
    EXPECT_EQ(next_link("<x>;rel=next"), "x");
    for (const char* value :
         {"", "<x>", "<x; rel=\"next\"", "x>; rel=\"next\"", "<x>; rel=\"prev\"", ">x<; rel=\"next\""})
        EXPECT_EQ(next_link(value), "") << value;
}

TEST(LinkHeader, MayNameOtherPagesToo) {
    EXPECT_EQ(next_link("<a>; rel=\"prev\", <b>; rel=\"next\""), "b");
    EXPECT_EQ(next_link("<a?x=1,2;3>;rel=prev;title=\"a, <c>; rel=\\\"next\\\"\",<b?y=1,2>; x; rel=next"),
              "b?y=1,2");
    EXPECT_EQ(next_link("<a> ; REL = \"last NEXT\" , <b>; rel=first"), "a");
    for (const char* value : {"<a>; rel=\"nextpage\"", "<a>; title=\"rel=next\"", "<a>; rel=prev; rel=next",
                              "<a>; rev=next", "x, <b>; rel=next", "<a>; rel=\"prev, <b>; rel=next"})
        EXPECT_EQ(next_link(value), "") << value;
}

TEST(RetryAfterHeader, IsSecondsOrADate) {
    EXPECT_EQ(parse_retry_after("30"), std::chrono::seconds(30));
    EXPECT_EQ(parse_retry_after("Fri, 31 Dec 1999 23:59:59 GMT"), std::chrono::seconds(0));
    EXPECT_GT(parse_retry_after("99999999999999999999"), std::chrono::hours(24));
    for (const char* value : {"", "-1", "soon", "3 days"})
        EXPECT_FALSE(parse_retry_after(value)) << value;
}

} // namespace
} // namespace ecc
