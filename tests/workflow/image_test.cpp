// Images that an engine may unpack to something else than their names say: made by hand of tar files, since
// `ecc push` makes none.

#include "tests/registry/registry_process.h"
#include "tests/workflow/project.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;

/// push_image TAG CONFIG LAYER...
constexpr const char* functions = R"sh(set -e
push_image() {
    tag=$1 layers=
    printf %s "$2" >config.json
    shift 2
    for layer; do
        layers="$layers${layers:+,}$(ecc blob push $PLACE "$layer" --media-type $TYPE)"
    done
    config=$(ecc blob push $PLACE config.json --media-type application/vnd.oci.image.config.v1+json)
    printf '{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}' \
        application/vnd.oci.image.manifest.v1+json "$config" "$layers" >m.json
    ecc manifest push $PLACE:$tag m.json
}
pack() {
    tar --numeric-owner --absolute-names -c "$@"
}
)sh";

constexpr const char* runner_layer =
    "mkdir -p runner/usr/bin && echo runner >runner/usr/bin/ecc-run && pack -C runner usr >runner.tar\n";

std::string config_with(const std::string& more) {
    return R"({"architecture":"amd64","os":"linux","config":{"Entrypoint":["/usr/bin/ecc-run","/app.wasm"])" +
           more + "}}";
}

class Image : public testing::Test {
protected:
    Image() : registry_(RegistryProcess::start()) {
        for (const auto& [name, source] : {std::pair{"app", "opensnoop/opensnoop.bpf.c"},
                                           std::pair{"evil", "bootstrap/bootstrap.bpf.c"}}) {
            const Output built = project_.run(
                {"ecc", "-o", std::string(name) + ".wasm", in_repository(std::string("examples/") + source)});
            EXPECT_EQ(built.status, 0) << built.err;
        }
        EXPECT_TRUE(registry_);
        succeed(std::string(runner_layer) + "ecc push app.wasm $PLACE:1");
    }

    std::string place() const { return registry_->host() + "/me/tool"; }
    Output shell(const std::string& script,
                 const std::string& type = "application/vnd.oci.image.layer.v1.tar") const {
        const Output output =
            project_.run({"env", "PLACE=" + place(), "TYPE=" + type, "sh", "-c", functions + script});
        registry_->drain();
        return output;
    }
    void succeed(const std::string& script,
                 const std::string& type = "application/vnd.oci.image.layer.v1.tar") const {
        const Output output = shell(script, type);
        EXPECT_EQ(output.status, 0) << script << output.err;
    }
    /// An image of the runtime and a layer of what `pack_layer` writes.
    void push(const std::string& pack_layer) const {
        succeed(fmt::format("{{ {}; }} >layer.tar\npush_image 1-container '{}' runner.tar layer.tar",
                            pack_layer, config_with("")));
    }
    Output pull() const {
        return project_.run({"ecc", "pull", place() + ":1-container", "-o", "pulled.wasm"});
    }
    Output generate() const { return project_.run({"ecc", "gen", "k8s", place() + ":1"}); }
    void expect_refused(const Output& output, const std::string& reason) const {
        EXPECT_EQ(output.status, 1) << reason;
        EXPECT_THAT(output.err, HasSubstr(reason));
        EXPECT_FALSE(project_.has("pulled.wasm")) << reason;
    }

    Project project_;
    std::unique_ptr<RegistryProcess> registry_;
};

TEST_F(Image, of_files_and_folders_is_read) {
    succeed("mkdir etc && echo >etc/app.wasm");
    push("pack ./app.wasm etc");
    EXPECT_EQ(pull().status, 0) << pull().err;
    EXPECT_EQ(project_.read("pulled.wasm"), project_.read("app.wasm"));
    const Output output = generate();
    EXPECT_EQ(output.status, 0) << output.err;
}

TEST_F(Image, packed_with_zstd_is_read) {
    for (const char* type : {"application/vnd.oci.image.layer.v1.tar+zstd",
                             "application/vnd.docker.image.rootfs.diff.tar.zstd"}) {
        succeed("zstd -qf runner.tar && pack app.wasm | zstd -q >layer\n"
                "push_image 1-container '" +
                    config_with("") + "' runner.tar.zst layer",
                type);
        EXPECT_EQ(pull().status, 0) << pull().err;
        EXPECT_EQ(project_.read("pulled.wasm"), project_.read("app.wasm"));
        EXPECT_EQ(generate().status, 0) << generate().err;
    }
}

TEST_F(Image, whose_package_an_engine_may_take_from_elsewhere_is_refused) {
    succeed("mkdir links whiteouts opaque && ln -s . links/d && ln -s evil.wasm links/app.wasm\n"
            "mkdir hard && cp evil.wasm hard && ln hard/evil.wasm hard/app.wasm\n"
            "touch whiteouts/.wh.app.wasm opaque/.wh..wh..opq");
    const std::string evil = " evil.wasm --transform=s,evil.wasm,";
    const std::pair<std::string, std::string> cases[] = {
        {"pack -C links d -C .. app.wasm" + evil + "d/app.wasm,RSh", "has d, which is a link"},
        {"pack app.wasm evil.wasm -C links app.wasm", "has app.wasm, which is a link"},
        {"pack app.wasm -C hard evil.wasm app.wasm", "has app.wasm, which is a link"},
        {"pack app.wasm" + evil + "usr/../app.wasm,", "has \"..\" in the path"},
        {"pack app.wasm" + evil + ".//app.wasm,", "has app.wasm twice"},
        {"pack app.wasm" + evil + "app.wasm/x,", "has app.wasm as a file and as a folder"},
        {"pack app.wasm -C whiteouts .wh.app.wasm", "deletes with .wh.app.wasm"},
        {"pack app.wasm -C opaque .wh..wh..opq", "deletes with .wh..wh..opq"},
    };
    for (const auto& [pack, reason] : cases) {
        push(pack);
        expect_refused(pull(), reason);
        expect_refused(generate(), reason);
    }
}

TEST_F(Image, whose_layers_hide_each_others_files_is_not_for_nodes) {
    succeed(
        "mkdir -p more/usr/bin whiteout/usr/bin link && cp evil.wasm more/app.wasm\n"
        "echo other >more/usr/bin/ecc-run && touch whiteout/usr/bin/.wh.ecc-run && ln -s usr/bin link/bin\n"
        "pack app.wasm >app.tar && pack -C more app.wasm >more.tar && pack -C more usr >other.tar\n"
        "pack -C whiteout usr >whiteout.tar && pack -C link bin >link.tar");
    const std::pair<std::string, std::string> cases[] = {
        {"runner.tar app.tar more.tar", "has app.wasm twice"},
        {"more.tar runner.tar app.tar", "has app.wasm twice"},
        {"runner.tar other.tar app.tar", "has usr/bin/ecc-run twice"},
        {"runner.tar app.tar whiteout.tar", "deletes with usr/bin/.wh.ecc-run"},
        {"link.tar runner.tar app.tar", "has bin, which is a link"},
        {"app.tar", "does not have /usr/bin/ecc-run"},
        {"runner.tar", "does not have /app.wasm"},
    };
    for (const auto& [layers, reason] : cases) {
        succeed("push_image 1-container '" + config_with("") + "' " + layers);
        expect_refused(generate(), reason);
    }
}

TEST_F(Image, that_starts_something_else_is_not_for_nodes) {
    const std::string linux = R"({"architecture":"amd64","os":"linux","config":)";
    const std::pair<std::string, std::string> cases[] = {
        {linux + R"({"Entrypoint":["/usr/bin/ecc-run","/app.wasm","/evil.wasm"]}})", "no image that starts"},
        {linux + R"({"Entrypoint":["/usr/bin/ecc-run"],"Cmd":["/app.wasm"]}})", "no image that starts"},
        {linux + R"({"Cmd":["/app.wasm"]}})", "no image that starts"},
        {config_with(R"(,"Cmd":["--allow","act"])"), "settings besides the program that it starts: Cmd"},
        {config_with(R"(,"Env":["LD_PRELOAD=/evil.so"])"), "it starts: Env"},
        {config_with(R"(,"WorkingDir":"/evil")"), "it starts: WorkingDir"},
        {config_with(R"(,"Volumes":{"/usr/bin":{}})"), "it starts: Volumes"},
    };
    succeed("pack app.wasm >app.tar");
    for (const auto& [config, reason] : cases) {
        succeed("push_image 1-container '" + config + "' runner.tar app.tar");
        expect_refused(generate(), reason);
    }
    succeed("push_image 1-container '" + config_with(R"(,"Cmd":null,"Env":[],"WorkingDir":"","Tty":false)") +
            "' runner.tar app.tar");
    EXPECT_EQ(generate().status, 0) << generate().err;
}

TEST_F(Image, that_an_index_hides_behind_no_platform_is_looked_at) {
    succeed("pack evil.wasm --transform=s,evil,app, >evil.tar && pack app.wasm >app.tar\n"
            "push_image good '" +
            config_with("") + "' runner.tar app.tar && push_image evil '" + config_with("") +
            "' runner.tar evil.tar\n"
            "good=$(ecc manifest fetch --descriptor $PLACE:good) evil=$(ecc manifest fetch --descriptor "
            "$PLACE:evil)\n"
            "for platform in ',\"platform\":{\"os\":\"\",\"architecture\":\"amd64\"}' '' "
            "',\"platform\":{\"os\":\"Linux\",\"architecture\":\"amd64\"}'; do\n"
            "    printf "
            "'{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":"
            "[%s%s},%s,\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}' "
            "\"${evil%?}\" \"$platform\" \"${good%?}\" >index.json\n"
            "    ecc manifest push $PLACE:1-container index.json\n"
            "    if ecc gen k8s $PLACE:1 2>>said; then exit 9; fi\n"
            "done");
    EXPECT_THAT(project_.read("said"),
                testing::ContainsRegex("holds another package.*\n.*\n.*holds another package"));
}

} // namespace
} // namespace ecc::test
