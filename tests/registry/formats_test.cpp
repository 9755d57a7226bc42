// The formats of `ecc push --format`, taken apart by other people's tools.

#include "packager/oci/descriptor.h"
#include "support/digest.h"
#include "tests/registry/clients.h"
#include "tests/registry/oras.h"
#include "tests/registry/registry_test.h"
#include "tests/unit/package/samples.h"

#include <cstddef>
#include <cstring>
#include <elf.h>

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

Elf64_Half host_machine() {
    const auto program = read_file("/proc/self/exe");
    Elf64_Ehdr header = {};
    if (program && program->size() >= sizeof header)
        std::memcpy(&header, program->data(), sizeof header);
    return header.e_machine;
}

class Formats : public RegistryTest {
protected:
    json push(const std::string& formats, Command more = {}) {
        Command command = {"push", "tool.wasm", "oci:shelf:1", "--format", formats};
        command.insert(command.end(), more.begin(), more.end());
        return ecc_json(command);
    }

    json blob(const json& descriptor) {
        return json::parse(
            as_text(read("shelf/blobs/sha256/" + descriptor["digest"].get<std::string>().substr(7))));
    }
    json manifest(const json& pushed) { return blob(pushed); }

    /// What tar says of a layer: its files' names.
    std::string listed(const json& layer) {
        return run_here({"tar", "tzf", "shelf/blobs/sha256/" + layer["digest"].get<std::string>().substr(7)})
            .out;
    }

    std::string extracted(const json& layer, const std::string& name) {
        return run_here({"tar", "xzOf", "shelf/blobs/sha256/" + layer["digest"].get<std::string>().substr(7),
                         name})
            .out;
    }

    std::string diff_id(const json& layer) {
        const std::string path = "shelf/blobs/sha256/" + layer["digest"].get<std::string>().substr(7);
        return sha256_digest(as_bytes(run_here({"gzip", "-dc", path}).out));
    }
};

TEST_F(Formats, RunwasiIsAnImageOfTheRawModule) {
    const json image = manifest(push("runwasi"));
    EXPECT_EQ(image["config"]["mediaType"], "application/vnd.oci.image.config.v1+json");
    ASSERT_THAT(image["layers"], SizeIs(1));
    EXPECT_EQ(image["layers"][0]["mediaType"], "application/wasm");
    EXPECT_EQ(image["layers"][0]["digest"], sha256_digest(package_));
    const json config = blob(image["config"]);
    EXPECT_EQ(config["architecture"], "wasm");
    EXPECT_EQ(config["os"], "wasip1");
    EXPECT_EQ(config["config"]["Entrypoint"], json{"opensnoop.wasm"});
    EXPECT_EQ(config["rootfs"], (json{{"type", "layers"}, {"diff_ids", json::array()}}));
    EXPECT_TRUE(config["config"]["Labels"].contains("containerd.runwasi.layers"));
}

TEST_F(Formats, CompatIsAnImageWithTheModuleInATarLayer) {
    const json image = manifest(push("compat"));
    EXPECT_EQ(image["annotations"]["module.wasm.image/variant"], "compat");
    EXPECT_EQ(extracted(image["layers"][0], "app.wasm"), as_text(package_));
    const json config = blob(image["config"]);
    EXPECT_EQ(config["config"]["Entrypoint"], json{"/app.wasm"});
    EXPECT_EQ(config["rootfs"]["diff_ids"], json{diff_id(image["layers"][0])});
}

TEST_F(Formats, EcliIsWhatWasmToOciStores) {
    const json image = manifest(push("ecli"));
    EXPECT_EQ(image["config"]["mediaType"], "application/vnd.wasm.config.v1+json");
    EXPECT_EQ(blob(image["config"]), json::object());
    EXPECT_EQ(image["layers"][0]["mediaType"], "application/vnd.wasm.content.layer.v1+wasm");
    EXPECT_EQ(image["layers"][0]["digest"], sha256_digest(package_));
    EXPECT_EQ(image["layers"][0]["annotations"]["org.opencontainers.image.title"], "opensnoop.wasm");
}

TEST_F(Formats, BpfmanIsTheKernelPartForEachArchitecture) {
    const json index = manifest(push("bpfman"));
    EXPECT_EQ(index["mediaType"], "application/vnd.oci.image.index.v1+json");
    const Package package = samples::package();
    ASSERT_THAT(index["manifests"], SizeIs(package.objects.size()));
    for (std::size_t i = 0; i < package.objects.size(); i++) {
        const json entry = index["manifests"][i];
        EXPECT_EQ(entry["platform"]["os"], "linux");
        EXPECT_EQ(entry["platform"]["architecture"],
                  package.objects[i].architecture == "x86" ? "amd64" : "arm64");
        const json image = blob(entry);
        ASSERT_THAT(image["layers"], SizeIs(1));
        const std::string name = listed(image["layers"][0]);
        EXPECT_EQ(name, package.objects[i].name + ".o\n") << "at the root";
        EXPECT_EQ(extracted(image["layers"][0], name.substr(0, name.size() - 1)),
                  as_text(package.objects[i].elf));
        const json labels = blob(image["config"])["config"]["Labels"];
        for (const auto& program : package.manifest.programs)
            EXPECT_TRUE(json::parse(labels["io.ebpf.programs"].get<std::string>()).contains(program.name));
        EXPECT_EQ(json::parse(labels["io.ebpf.programs"].get<std::string>()).front(), "tracepoint");
        EXPECT_EQ(json::parse(labels["io.ebpf.maps"].get<std::string>()).front(), "ring_buf");
    }
}

TEST_F(Formats, ContainerHasTheRuntimeAndThePackage) {
    const json image = manifest(push("container"));
    ASSERT_THAT(image["layers"], SizeIs(2));
    EXPECT_THAT(listed(image["layers"][0]), HasSubstr("usr/bin/ecc-run\n"));
    EXPECT_EQ(extracted(image["layers"][1], "app.wasm"), as_text(package_));
    const json config = blob(image["config"]);
    EXPECT_EQ(config["os"], "linux");
    EXPECT_EQ(config["architecture"], host_machine() == EM_AARCH64 ? "arm64" : "amd64");
    EXPECT_EQ(config["config"]["Entrypoint"], (json{"/usr/bin/ecc-run", "/app.wasm"}));
    EXPECT_EQ(config["rootfs"]["diff_ids"], (json{diff_id(image["layers"][0]), diff_id(image["layers"][1])}));
}

TEST_F(Formats, ContainerHasTheLibrariesThatItsLoaderFindsThere) {
    const json plain = push("container");
    const auto folder = file("it's mine");
    std::filesystem::create_directory(folder);
    ASSERT_EQ(run_here({"sh", "-c", "cp /lib/*-linux-gnu/libc.so.6 /lib/*-linux-gnu/libm.so.6 \"it's mine\""})
                  .status,
              0);
    std::filesystem::copy(ECC_BINARY_DIR "/bin/ecc-run", folder / "ecc-run");
    set("LD_LIBRARY_PATH", folder.string());
    EXPECT_EQ(push("container", {"--runtime", (folder / "ecc-run").string()})["digest"], plain["digest"]);
}

/// Named with --runtime.
class OtherRuntimes : public Formats {
protected:
    /// The header of a program without segments, as of one that needs no loader.
    static Elf64_Ehdr program_for(Elf64_Half machine) {
        Elf64_Ehdr header = {};
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_type = ET_EXEC;
        header.e_machine = machine;
        return header;
    }

    Output push_with(ByteView ecc_run, const std::string& tag = "1") {
        write("other-run", ecc_run);
        return ecc(
            {"push", "tool.wasm", "oci:shelf:" + tag, "--format", "container", "--runtime", "other-run"});
    }
    static ByteView bytes_of(const Elf64_Ehdr& header) {
        return {reinterpret_cast<const std::uint8_t*>(&header), sizeof header};
    }
    Output push_with(const Elf64_Ehdr& ecc_run, const std::string& tag = "1") {
        return push_with(bytes_of(ecc_run), tag);
    }
    Command push_both(const std::string& other = "two-run") {
        write("one-run", bytes_of(program_for(EM_X86_64)));
        write("two-run", bytes_of(program_for(EM_AARCH64)));
        return {"push",      "tool.wasm", "oci:shelf:1", "--format", "container",
                "--runtime", "one-run",   "--runtime",   other};
    }

    /// The config of the image that skopeo takes from the index.
    json chosen_for(const std::string& architecture) {
        const Output chosen =
            run_here({"skopeo", "inspect", "--config", "--override-arch", architecture, "oci:shelf:1"});
        EXPECT_EQ(chosen.status, 0) << chosen.err;
        return json::parse(chosen.out, nullptr, false);
    }

    void expect_refused(const Output& pushed, const std::string& reason, int status = 1) {
        EXPECT_EQ(pushed.status, status);
        EXPECT_THAT(pushed.err, HasSubstr(reason));
        EXPECT_FALSE(std::filesystem::exists(file("shelf"))) << "something was stored";
    }
};

TEST_F(OtherRuntimes, GiveAContainerTheirArchitectureAndAnIndexHasOneOfEach) {
    for (const auto& [machine, name] : {std::pair(EM_AARCH64, "arm64"), std::pair(EM_X86_64, "amd64")}) {
        const Output pushed = push_with(program_for(machine), std::string("1-") + name);
        ASSERT_EQ(pushed.status, 0) << pushed.err;
        const json config =
            json::parse(ecc({"manifest", "fetch-config", std::string("oci:shelf:1-") + name}).out);
        EXPECT_EQ(config["architecture"], name);
        EXPECT_EQ(config["os"], "linux");
    }
    ASSERT_EQ(ecc({"manifest", "index", "create", "oci:shelf:1", "1-amd64", "1-arm64"}).status, 0);
    for (const char* name : {"amd64", "arm64"}) {
        EXPECT_EQ(chosen_for(name)["architecture"], name);
    }
}

TEST_F(OtherRuntimes, OfSeveralArchitecturesMakeAnIndexAtOnce) {
    const json index = manifest(ecc_json(push_both()));
    EXPECT_EQ(index["mediaType"], "application/vnd.oci.image.index.v1+json");
    ASSERT_THAT(index["manifests"], SizeIs(2));
    for (const auto& [entry, name, program] : {std::tuple(0, "amd64", "one-run"), {1, "arm64", "two-run"}}) {
        const json image = blob(index["manifests"][entry]);
        EXPECT_EQ(index["manifests"][entry]["platform"], (json{{"os", "linux"}, {"architecture", name}}));
        EXPECT_EQ(extracted(image["layers"][0], "usr/bin/ecc-run"), as_text(read(program)));
        EXPECT_EQ(extracted(image["layers"][1], "app.wasm"), as_text(package_));
        EXPECT_EQ(chosen_for(name)["architecture"], name);
    }
    EXPECT_EQ(ecc({"tags", "oci:shelf"}).out, "1\n");
}

TEST_F(OtherRuntimes, AreOnePerArchitecture) {
    expect_refused(ecc(push_both("one-run")), "two of --runtime are for amd64", 2);
    expect_refused(ecc(push_both("missing-run")), "missing-run");
}

TEST_F(OtherRuntimes, AreForContainersAlone) {
    expect_refused(ecc({"push", "tool.wasm", "oci:shelf:1", "--runtime", "tool.wasm"}), "--format container",
                   2);
}

TEST_F(OtherRuntimes, BesideEccAreTakenToo) {
    std::filesystem::create_directory(file("bin"));
    std::filesystem::copy(ECC_BINARY_DIR "/bin/ecc", file("bin/ecc"));
    const auto push = [&](ByteView ecc_run) {
        write("bin/ecc-run", ecc_run);
        std::filesystem::permissions(file("bin/ecc-run"), std::filesystem::perms::all);
        return run_here({file("bin/ecc"), "push", "tool.wasm", "oci:shelf:1", "--format", "container"});
    };
    expect_refused(push(as_bytes("#!/bin/sh\n")), "ELF program", 3);
    const Output pushed = push(bytes_of(program_for(EM_AARCH64)));
    ASSERT_EQ(pushed.status, 0) << pushed.err;
    EXPECT_EQ(json::parse(ecc({"manifest", "fetch-config", "oci:shelf:1"}).out)["architecture"], "arm64");
}

TEST_F(OtherRuntimes, OfArchitecturesThatThePackageHasNoObjectForAreRefused) {
    expect_refused(push_with(program_for(EM_RISCV)), "not for riscv64");
}

TEST_F(OtherRuntimes, OfUnknownArchitecturesAreRefused) {
    expect_refused(push_with(program_for(EM_SPARCV9)), "e_machine 43");
    Elf64_Ehdr header = program_for(EM_PPC64);
    header.e_ident[EI_DATA] = ELFDATA2MSB;
    expect_refused(push_with(header), "no 64-bit little-endian ELF program");
}

TEST_F(OtherRuntimes, ThatAreNoProgramsAreRefused) {
    expect_refused(push_with(as_bytes("#!/bin/sh\n")), "ELF program");
    expect_refused(push_with(as_bytes("\x7f"
                                      "ELF")),
                   "ELF program");
}

TEST_F(OtherRuntimes, WithLibrariesOfAnotherMachineAreRefused) {
    Bytes program = read(ECC_BINARY_DIR "/bin/ecc-run");
    const Elf64_Half other = EM_AARCH64 == host_machine() ? EM_X86_64 : EM_AARCH64;
    std::memcpy(program.data() + offsetof(Elf64_Ehdr, e_machine), &other, sizeof other);
    expect_refused(push_with(program), "linked with libraries");
}

TEST_F(Formats, MayBeSeveralAtOnceAndShareTheirBlobs) {
    const json pushed = push("wasm,runwasi,compat");
    ASSERT_THAT(pushed["formats"], SizeIs(3));
    EXPECT_EQ(manifest(pushed["formats"][0])["layers"][0]["digest"],
              manifest(pushed["formats"][1])["layers"][0]["digest"]);
    EXPECT_EQ(ecc({"tags", "oci:shelf"}).out, "1\n1-compat\n1-runwasi\n");
    EXPECT_EQ(ecc({"pull", "oci:shelf:1-runwasi", "-o", "back.wasm"}).status, 0);
    EXPECT_EQ(read("back.wasm"), package_);
}

TEST_F(Formats, MayBeAllAtOnceInARegistryWithOneCopyOfTheModule) {
    start_registry();
    const json pushed = ecc_json(
        {"push", "tool.wasm", ref("t/tool:1"), "--format", "wasm,runwasi,compat,ecli,bpfman,container"});
    ASSERT_THAT(pushed["formats"], SizeIs(6));
    for (const json& format : pushed["formats"]) {
        const std::string digest = format["digest"];
        const Output raw = run_here(
            {"skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + ref("t/tool@") + digest});
        EXPECT_EQ(sha256_digest(as_bytes(raw.out)), digest) << raw.err;
        const std::string name = format["format"];
        EXPECT_EQ(format["layer"]["digest"] == sha256_digest(package_),
                  name == "wasm" || name == "runwasi" || name == "ecli")
            << name;
    }
}

TEST_F(Formats, OfAModuleAreSavedByOras) {
    for (const char* format : {"wasm", "runwasi", "ecli"}) {
        push(format);
        Output pulled = run_here({oras(), "pull", "--oci-layout", "shelf:1", "-o", format});
        EXPECT_EQ(pulled.status, 0) << format << pulled.err;
        EXPECT_EQ(read(std::string(format) + "/opensnoop.wasm"), package_);
    }
}

TEST_F(Formats, OfAModuleInALayerIsExportedByCrane) {
    start_registry();
    push("compat");
    ASSERT_EQ(ecc({"cp", "oci:shelf:1", ref("t/tool:1")}).status, 0);
    Output exported = run_here({client("crane"), "export", "--insecure", ref("t/tool:1"), "files.tar"});
    EXPECT_EQ(exported.status, 0) << exported.err;
    EXPECT_EQ(run_here({"tar", "xOf", "files.tar", "app.wasm"}).out, as_text(package_));
}

/// The image's files, as umoci unpacks what an engine would choose for the architecture.
class UnpackedFormats : public Formats {
protected:
    std::filesystem::path unpack(const std::string& format, const std::string& architecture) {
        push(format);
        const std::string one = format + architecture;
        Output chosen = run_here({"skopeo", "--insecure-policy", "--override-arch", architecture, "copy",
                                  "oci:shelf:1", "oci:" + one + ":1"});
        EXPECT_EQ(chosen.status, 0) << format << chosen.err;
        Output unpacked = run_here({"umoci", "unpack", "--rootless", "--image", one + ":1", one + "-files"});
        EXPECT_EQ(unpacked.status, 0) << format << unpacked.err;
        return one + "-files/rootfs/";
    }
};

TEST_F(UnpackedFormats, OfTheKernelPartHaveTheObjectOfTheArchitectureAtTheRoot) {
    for (const auto& object : samples::package().objects) {
        const std::string architecture = object.architecture == "x86" ? "amd64" : "arm64";
        EXPECT_EQ(read(unpack("bpfman", architecture) / (object.name + ".o")), object.elf);
    }
}

TEST_F(UnpackedFormats, OfAnOrdinaryImageHaveTheRuntimeAndThePackage) {
    const std::string host = blob(manifest(push("container"))["config"])["architecture"];
    const std::filesystem::path root = unpack("container", host);
    EXPECT_EQ(read(root / "app.wasm"), package_);
    EXPECT_EQ(read(root / "usr/bin/ecc-run"), read(ECC_BINARY_DIR "/bin/ecc-run"));
}

TEST_F(Formats, GiveThePackageBackWhereTheyHoldIt) {
    for (const char* format : {"wasm", "runwasi", "compat", "ecli", "container"}) {
        push(format);
        const Output pulled = ecc({"pull", "oci:shelf:1", "-o", std::string(format) + ".wasm"});
        EXPECT_EQ(pulled.status, 0) << pulled.err;
        EXPECT_EQ(read(std::string(format) + ".wasm"), package_);
        EXPECT_EQ(ecc_json({"inspect", "oci:shelf:1"})["digest"], sha256_digest(package_)) << format;
    }
}

TEST_F(Formats, OfTheKernelPartHaveNoPackageToGiveBack) {
    push("bpfman");
    const Output pulled = ecc({"pull", "oci:shelf:1"});
    EXPECT_EQ(pulled.status, 1);
    EXPECT_THAT(pulled.err, HasSubstr("the kernel part alone"));
    EXPECT_EQ(files(), (std::vector<std::string>{"shelf", "tool.wasm"}));
}

class PackedModules : public Formats {
protected:
    /// An image that starts `started`, of one layer made by `tar`.
    Output pull_image(const Command& tar, const std::string& started) {
        Command pack = {"tar", "-I", "gzip -1", "-cf", "layer.tar.gz"};
        pack.insert(pack.end(), tar.begin(), tar.end());
        EXPECT_EQ(run_here(pack).status, 0);
        const json config = {{"config", {{"Entrypoint", {started}}}}};
        write("config.json", as_bytes(config.dump()));
        const auto blob = [&](const char* name, const char* type) {
            return json::parse(ecc({"blob", "push", "oci:made", name, "--media-type", type}).out);
        };
        const json image = {
            {"schemaVersion", 2},
            {"mediaType", media_type::image_manifest},
            {"config", blob("config.json", "application/vnd.oci.image.config.v1+json")},
            {"layers", {blob("layer.tar.gz", "application/vnd.oci.image.layer.v1.tar+gzip")}}};
        write("manifest.json", as_bytes(image.dump()));
        EXPECT_EQ(ecc({"manifest", "push", "oci:made:1", "manifest.json"}).status, 0);
        return ecc({"pull", "oci:made:1", "-o", "out.wasm"});
    }

    void expect_refused(const Output& pulled, const std::string& reason) {
        EXPECT_EQ(pulled.status, 1);
        EXPECT_THAT(pulled.err, HasSubstr(reason));
        EXPECT_FALSE(std::filesystem::exists(file("out.wasm")));
    }
};

TEST_F(PackedModules, OfOtherToolsArePulled) {
    std::filesystem::create_directory(file("bin"));
    write("bin/hello.wasm", package_);
    EXPECT_EQ(pull_image({"./bin/hello.wasm"}, "/bin/hello.wasm").status, 0);
    EXPECT_EQ(read("out.wasm"), package_);
}

TEST_F(PackedModules, ThatAreAbsentLinksOrNoWasmAreRefused) {
    write("app.wasm", as_bytes("text"));
    expect_refused(pull_image({"app.wasm"}, "/app.wasm"), "is no WebAssembly");
    expect_refused(pull_image({"app.wasm"}, "/other.wasm"), "does not have other.wasm");
    expect_refused(pull_image({"app.wasm"}, "/bin/sh"), "is not a Wasm artifact");
    std::filesystem::remove(file("app.wasm"));
    std::filesystem::create_symlink("/etc/passwd", file("app.wasm"));
    expect_refused(pull_image({"app.wasm"}, "/app.wasm"), "app.wasm, which is a link");
}

TEST_F(PackedModules, ThatAreThereTwiceAreRefused) {
    write("app.wasm", package_);
    expect_refused(pull_image({"./app.wasm", "--hard-dereference", "app.wasm"}, "/app.wasm"),
                   "app.wasm twice");
}

TEST_F(PackedModules, AreNotUnpackedBeyondWhatIsRead) {
    write("zeros", {});
    std::filesystem::resize_file(file("zeros"), std::uint64_t{300} << 20);
    write("app.wasm", package_);
    expect_refused(pull_image({"zeros", "app.wasm"}, "/app.wasm"), "unpacks to more than 256 MiB");
}

TEST_F(Formats, ThatAreUnknownAreRefusedBeforeAnythingIsStored) {
    Output refused = ecc({"push", "tool.wasm", "oci:shelf:1", "--format", "wasm,docker"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("use one or more of wasm, runwasi, compat, ecli, bpfman, container"));
    EXPECT_FALSE(std::filesystem::exists(file("shelf")));
}

TEST_F(Formats, GiveTheSameDigestsEachTime) {
    set("SOURCE_DATE_EPOCH", "1700000000");
    for (const char* format : {"wasm", "runwasi", "compat", "ecli", "bpfman", "container"}) {
        const json first = push(format);
        std::filesystem::remove_all(file("shelf"));
        std::filesystem::last_write_time(file("tool.wasm"), std::filesystem::file_time_type::clock::now());
        EXPECT_EQ(push(format)["digest"], first["digest"]) << format;
    }
}

TEST_F(Formats, AreReadBySkopeoWhereTheyAreImages) {
    for (const char* format : {"runwasi", "compat", "container"}) {
        push(format);
        Output inspected = run_here({"skopeo", "inspect", "--config", "oci:shelf:1"});
        EXPECT_EQ(inspected.status, 0) << format << inspected.err;
        EXPECT_THAT(inspected.out, HasSubstr("Entrypoint")) << format;
    }
}

class GitAnnotations : public Formats {
protected:
    void git(Command arguments) {
        arguments.insert(arguments.begin(), {"git", "-c", "user.name=n", "-c", "user.email=e@x"});
        Output output = run_here(arguments);
        ASSERT_EQ(output.status, 0) << output.err;
    }

    json annotations(Command more = {}) {
        json image = manifest(push("wasm", std::move(more)));
        return image["annotations"];
    }
};

TEST_F(GitAnnotations, SayWhereTheSourceComesFrom) {
    git({"init", "-q"});
    git({"remote", "add", "origin", "https://user:secret@example.org/me/tools.git"});
    git({"commit", "-q", "--allow-empty", "-m", "first"});
    Output head = run_here({"git", "rev-parse", "HEAD"});
    const json found = annotations();
    EXPECT_EQ(found["org.opencontainers.image.revision"].get<std::string>() + "\n", head.out);
    EXPECT_EQ(found["org.opencontainers.image.source"], "https://example.org/me/tools")
        << "without the login";
    git({"pack-refs", "--all"});
    EXPECT_EQ(annotations(), found);
    git({"remote", "set-url", "origin", "git@example.org:me/tools.git"});
    EXPECT_EQ(annotations()["org.opencontainers.image.source"], "https://example.org/me/tools");
    git({"remote", "set-url", "origin", "/home/me/secret"});
    EXPECT_FALSE(annotations().contains("org.opencontainers.image.source"));
}

TEST_F(GitAnnotations, AreInEveryFormatBesideThoseOfThePackage) {
    git({"init", "-q"});
    git({"commit", "-q", "--allow-empty", "-m", "first"});
    set("SOURCE_DATE_EPOCH", "1700000000");
    const std::string revision = run_here({"git", "rev-parse", "HEAD"}).out.substr(0, 40);
    for (const char* format : {"wasm", "runwasi", "compat", "ecli", "bpfman", "container"}) {
        const json found = manifest(push(format))["annotations"];
        EXPECT_EQ(found.value("org.opencontainers.image.title", ""), "opensnoop") << format;
        EXPECT_EQ(found.value("org.opencontainers.image.version", ""), "1.2.3") << format;
        EXPECT_EQ(found.value("org.opencontainers.image.created", ""), "2023-11-14T22:13:20Z") << format;
        EXPECT_EQ(found.value("org.opencontainers.image.revision", ""), revision) << format;
    }
}

TEST_F(GitAnnotations, AreThoseOfTheWorktreeThatThePackageIsIn) {
    git({"init", "-q", "-b", "main", "repository"});
    git({"-C", "repository", "remote", "add", "origin", "https://example.org/me/tools"});
    git({"-C", "repository", "commit", "-q", "--allow-empty", "-m", "first"});
    git({"-C", "repository", "worktree", "add", "-q", "-b", "side", "../side"});
    git({"-C", "side", "commit", "-q", "--allow-empty", "-m", "second"});
    std::filesystem::create_directory(file("side/build"));
    write("side/build/tool.wasm", package_);
    const json pushed = ecc_json({"push", "side/build/tool.wasm", "oci:shelf:1"});
    const json found = manifest(pushed)["annotations"];
    EXPECT_EQ(found.value("org.opencontainers.image.revision", "") + "\n",
              run_here({"git", "-C", "side", "rev-parse", "HEAD"}).out);
    EXPECT_EQ(found.value("org.opencontainers.image.source", ""), "https://example.org/me/tools");
}

TEST_F(GitAnnotations, SayThatTheCheckoutIsNotAsItsCommit) {
    git({"init", "-q"});
    write("tool.c", as_bytes("int a;\n"));
    git({"add", "tool.c"});
    git({"commit", "-q", "-m", "first"});
    const std::string commit = run_here({"git", "rev-parse", "HEAD"}).out.substr(0, 40);
    const auto revision = [&] { return annotations().value("org.opencontainers.image.revision", ""); };
    EXPECT_EQ(revision(), commit) << "what git does not keep, such as the package, is nothing changed";
    write("tool.c", as_bytes("int b;\n"));
    EXPECT_EQ(revision(), commit + "-dirty");
    git({"add", "tool.c"});
    EXPECT_EQ(revision(), commit + "-dirty") << "staged";
    std::filesystem::remove(file("tool.c"));
    EXPECT_EQ(revision(), commit + "-dirty") << "removed";
    git({"checkout", "-q", "HEAD", "--", "tool.c"});
    EXPECT_EQ(revision(), commit);
}

TEST_F(GitAnnotations, ClaimNoCommitThatGitDoesNotCompare) {
    git({"init", "-q"});
    git({"remote", "add", "origin", "https://example.org/me/tools"});
    git({"commit", "-q", "--allow-empty", "-m", "first"});
    write(".git/index", as_bytes("torn"));
    EXPECT_FALSE(annotations().contains("org.opencontainers.image.revision"));
    EXPECT_EQ(annotations()["org.opencontainers.image.source"], "https://example.org/me/tools");
}

TEST_F(GitAnnotations, AreOfTheCheckoutAroundTheWorkingFolderToo) {
    git({"init", "-q"});
    git({"commit", "-q", "--allow-empty", "-m", "first"});
    std::filesystem::create_directory(file("deep"));
    const Output pushed = run_here({"env", "-C", file("deep"), "cp", "../tool.wasm", "."});
    ASSERT_EQ(pushed.status, 0);
    ASSERT_EQ(run_here({"env", "-C", file("deep"), ECC_BINARY_DIR "/bin/ecc", "push", "tool.wasm",
                        "oci:../shelf:1"})
                  .status,
              0);
    const json stored = json::parse(ecc({"manifest", "fetch", "oci:shelf:1"}).out);
    EXPECT_TRUE(stored["annotations"].contains("org.opencontainers.image.revision"));
}

/// A checkout with a file that git compares anew, and with settings by which git would run `program_`.
class GitPrograms : public GitAnnotations {
protected:
    void make_checkout(const std::string& folder = ".") {
        git({"init", "-q", "-b", "main", folder});
        write(folder + "/tool.c", as_bytes("int a;\n"));
        write(folder + "/.gitattributes", as_bytes("*.c filter=f\n"));
        git({"-C", folder, "add", "tool.c", ".gitattributes"});
        git({"-C", folder, "commit", "-q", "-m", "first"});
        make_stale(folder);
    }
    void make_stale(const std::string& folder = ".") {
        const std::filesystem::path source = file(folder + "/tool.c");
        last_write_time(source, last_write_time(source) - std::chrono::hours(24));
    }
    bool told_revision() { return annotations().contains("org.opencontainers.image.revision"); }
    bool ran() const { return std::filesystem::exists(file("ran")); }

    const std::string program_ = "touch " + file("ran").string() + "; cat; false";
};

TEST_F(GitPrograms, AreNotRunAsMonitors) {
    make_checkout();
    git({"config", "core.fsmonitor", program_});
    EXPECT_TRUE(told_revision());
    EXPECT_FALSE(ran());
}

TEST_F(GitPrograms, AreNotRunAsFilters) {
    make_checkout();
    for (const std::string variable : {"filter.f.clean", "filter.f.process"}) {
        git({"config", variable, program_});
        EXPECT_FALSE(told_revision()) << variable;
        EXPECT_FALSE(ran()) << variable;
        git({"config", "--unset", variable});
    }
    EXPECT_TRUE(told_revision());
}

TEST_F(GitPrograms, AreNotRunAsFiltersOfIncludedConfiguration) {
    make_checkout();
    write("more", as_bytes("[filter \"f\"]\n\tclean = " + program_.substr(0, program_.find(';'))));
    git({"config", "includeIf.onbranch:main.path", file("more")});
    EXPECT_FALSE(told_revision());
    EXPECT_FALSE(ran());
}

TEST_F(GitPrograms, AreNotRunAsFiltersOfSubmodules) {
    make_checkout();
    make_checkout("inner");
    git({"-c", "advice.addEmbeddedRepo=false", "add", "inner"});
    git({"commit", "-q", "-m", "second"});
    EXPECT_TRUE(told_revision());
    git({"-C", "inner", "config", "filter.f.clean", program_});
    make_stale("inner");
    EXPECT_FALSE(told_revision());
    EXPECT_FALSE(ran());
}

TEST_F(GitPrograms, AreNotRunToFetchWhatAPartialCloneLacks) {
    make_checkout();
    const std::string tree = run_here({"git", "rev-parse", "HEAD^{tree}"}).out.substr(0, 40);
    std::filesystem::remove(file(".git/objects/" + tree.substr(0, 2) + "/" + tree.substr(2)));
    git({"config", "core.repositoryFormatVersion", "1"});
    git({"config", "extensions.partialClone", "origin"});
    git({"config", "remote.origin.promisor", "true"});
    git({"config", "core.sshCommand", program_});
    git({"config", "remote.origin.url", "ssh://example.org/x"});
    EXPECT_FALSE(told_revision());
    EXPECT_FALSE(ran());
}

TEST_F(GitPrograms, AreRunAsFiltersIfTheUserConfiguredThem) {
    make_checkout();
    git({"config", "--global", "filter.f.clean", "touch " + file("ran").string() + "; cat"});
    EXPECT_TRUE(told_revision());
    EXPECT_TRUE(ran());
}

TEST_F(GitAnnotations, SayThatASubmoduleIsNotAsItsCommit) {
    for (const char* folder : {".", "inner"}) {
        git({"init", "-q", folder});
        write(std::string(folder) + "/tool.c", as_bytes("int a;\n"));
        git({"-C", folder, "add", "tool.c"});
        git({"-C", folder, "commit", "-q", "-m", "first"});
    }
    git({"-c", "advice.addEmbeddedRepo=false", "add", "inner"});
    git({"commit", "-q", "-m", "second"});
    const auto revision = [&] { return annotations().value("org.opencontainers.image.revision", ""); };
    EXPECT_EQ(revision().size(), 40u);
    write("inner/tool.c", as_bytes("int b;\n"));
    EXPECT_THAT(revision(), testing::EndsWith("-dirty"));
}

TEST_F(GitAnnotations, MayBeLeftOutOrReplaced) {
    git({"init", "-q"});
    git({"commit", "-q", "--allow-empty", "-m", "first"});
    EXPECT_FALSE(annotations({"--no-git"}).contains("org.opencontainers.image.revision"));
    EXPECT_EQ(
        annotations({"-a", "org.opencontainers.image.revision=v1"})["org.opencontainers.image.revision"],
        "v1");
    EXPECT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1", "-a", "novalue"}).status, 2);
}

TEST_F(GitAnnotations, SurviveAMalformedCheckout) {
    std::filesystem::create_directories(file(".git"));
    for (const char* head :
         {"", "ref: ", "ref: refs/../../tool.wasm", "ref: /etc/passwd", "zzzz", "ref: refs/heads/x"}) {
        write(".git/HEAD", as_bytes(head));
        EXPECT_FALSE(annotations().contains("org.opencontainers.image.revision")) << head;
    }
}

} // namespace
} // namespace ecc::test
