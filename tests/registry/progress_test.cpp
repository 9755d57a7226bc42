// What people see while they wait: a line on a terminal, and nothing anywhere else. `script` gives a program
// a terminal of its own and prints what appears there.

#include "packager/oci/wasm_artifact.h"
#include "tests/registry/http_server.h"
#include "tests/registry/registry_test.h"

#include <fmt/format.h>
#include <thread>

namespace ecc::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int usage_fault = 2;
constexpr const char* wiped = "\r\033[K";

class progress : public RegistryTest {
protected:
    void SetUp() override {
        RegistryTest::SetUp();
        manifest_ =
            image_manifest_to_json(make_wasm_artifact(package_, {.name = "tool2"}, std::nullopt).manifest());
        set("TERM", "xterm");
    }

    HttpServer::Reply answer(const ServedRequest& request) const {
        if (request.target.find("/manifests/") != std::string::npos && request.method == "GET")
            return http_reply(200, fmt::format("Content-Type: {}\r\n", media_type::image_manifest),
                              manifest_);
        if (request.method == "GET")
            return http_reply(200, "", as_text(package_));
        if (request.method == "HEAD")
            return http_reply(404, "", "");
        return http_reply(request.method == "POST" ? 202 : 201, "Location: /up\r\nOCI-Subject: sha256:0\r\n",
                          "");
    }

    /// So slow that people wonder.
    HttpServer server_{[this](const ServedRequest& request) {
        std::this_thread::sleep_for(150ms);
        return answer(request);
    }};

    Output on_terminal(const std::string& arguments) {
        return run_here({"script", "--quiet", "--return", "--command", ECC_BINARY_DIR "/bin/ecc " + arguments,
                         "/dev/null"});
    }

    std::string reference() const { return server_.host() + "/t/tool:1"; }

    std::string manifest_;
};

TEST_F(progress, of_a_pull_is_a_line_on_a_terminal_that_is_wiped_in_the_end) {
    const Output pulled = on_terminal("pull " + reference());
    EXPECT_EQ(pulled.status, 0) << pulled.out;
    EXPECT_THAT(pulled.out, AllOf(ContainsRegex("\rpulling [^\r]*: 0.0 of 0.0 MB, 0.0 MB/s, 0:00 left"),
                                  HasSubstr(wiped)));
    EXPECT_THAT(pulled.out.substr(pulled.out.rfind(wiped)), HasSubstr("tool2.wasm: " + server_.host()));
}

TEST_F(progress, of_pushes_and_copies_is_shown_too) {
    EXPECT_THAT(on_terminal("push tool.wasm " + reference()).out,
                ContainsRegex("\rpushing [^\r]* MB, [0-9.]* MB/s"));
    EXPECT_THAT(on_terminal("cp " + reference() + " oci:shelf:1").out,
                ContainsRegex("\rcopying [^\r]* MB, [0-9.]* MB/s"));
}

TEST_F(progress, is_gone_before_the_result_is_printed) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    write("readme", as_bytes(std::string_view("text")));
    for (const std::string& command :
         {"pull " + reference(), "push tool.wasm " + reference(), "cp oci:shelf:1 " + reference(),
          "blob push " + server_.host() + "/t/tool tool.wasm",
          "attach --artifact-type a/b " + reference() + " readme"}) {
        const std::string shown = on_terminal(command).out;
        ASSERT_THAT(shown, HasSubstr(wiped)) << command;
        EXPECT_THAT(shown.substr(shown.rfind(wiped)), HasSubstr("sha256:")) << command << "\n" << shown;
    }
}

TEST_F(progress, is_not_in_a_pipe) {
    for (const Command& command : {Command{"pull", reference()}, Command{"push", "tool.wasm", reference()},
                                   Command{"cp", reference(), "oci:shelf:1"}}) {
        const Output output = ecc(command);
        EXPECT_THAT(output.out + output.err, Not(HasSubstr("MB")));
        EXPECT_THAT(output.out + output.err, Not(HasSubstr("\033")));
    }
}

TEST_F(progress, has_no_colour) {
    set("NO_COLOR", "1");
    EXPECT_THAT(on_terminal("pull " + reference()).out,
                AllOf(HasSubstr("MB/s"), Not(ContainsRegex("\033\\[[0-9;]*m"))));
}

TEST_F(progress, is_not_on_a_terminal_that_cannot_wipe_lines) {
    set("TERM", "dumb");
    EXPECT_THAT(on_terminal("pull " + reference()).out, AllOf(Not(HasSubstr("MB")), Not(HasSubstr("\033"))));
}

TEST_F(progress, fits_on_one_line) {
    const Output pulled = on_terminal("pull " + server_.host() + "/t/" + std::string(200, 'x') + ":1");
    const auto start = pulled.out.find('\r') + 1;
    EXPECT_LT(pulled.out.find("\033[K", start) - start, 80u) << pulled.out;
    EXPECT_THAT(pulled.out, HasSubstr("x:1: 0.0 of"));
}

TEST_F(progress, is_all_that_a_terminal_gets_of_a_pull) {
    const Output refused = on_terminal("pull -o - " + reference());
    EXPECT_EQ(refused.status, usage_fault);
    EXPECT_THAT(refused.out, AllOf(HasSubstr("the package is binary and standard output is a terminal"),
                                   HasSubstr("redirect it, or give -o FILE")));
    EXPECT_THAT(server_.requests(), IsEmpty());
    EXPECT_EQ(on_terminal("pull -o - " + reference() + " > piped").status, 0);
    EXPECT_EQ(read("piped"), package_);
}

} // namespace
} // namespace ecc::test
