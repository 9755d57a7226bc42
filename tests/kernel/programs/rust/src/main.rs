// SPDX-License-Identifier: Apache-2.0
//! What the library of Rust guests does with rings.bpf.c, maps.bpf.c, perf.bpf.c or elements.bpf.c, line by line; ../go prints the same.
//! Usage with rings.bpf.c and perf.bpf.c: MAGIC; with elements.bpf.c: PID ADDRESS

use std::env;
use std::time::Duration;

use ecc_guest::{
    seal, signal, symbols, wait, Attach, Bytes, Errno, Error, Globals, Initial, Map, Object,
    OpenObject, PerCpuMap, PerfBuffer, Plain, Program, Result, RingBuffer, Source, TestRun,
    TypedMap, Update,
};

#[repr(C)]
#[derive(Clone, Copy)]
struct Rodata {
    magic: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Data {
    step: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Bss {
    calls: u64,
    sum: u64,
}

#[repr(C, packed)]
#[derive(Clone, Copy)]
struct Odd {
    number: u32,
    text: [u8; 13],
}

// SAFETY: integers only, and no padding.
unsafe impl Plain for Rodata {}
unsafe impl Plain for Data {}
unsafe impl Plain for Bss {}
unsafe impl Plain for Odd {}

fn number<T>(result: Result<T>) -> i32 {
    result.err().map_or(0, |error| error.errno().number())
}

fn magic_argument() -> u64 {
    env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}

fn set_rings(open: &OpenObject) -> Result<()> {
    let (mut rodata, mut data, bss) = (open.map(".rodata")?, open.map(".data")?, open.map(".bss")?);
    let mut magic = Initial::<Rodata>::read(&rodata)?;
    let mut step = Initial::<Data>::read(&data)?;
    println!(
        "initially {} {}",
        step.step,
        Initial::<Bss>::read(&bss)?.calls
    );
    println!(
        "initial value of another size {}",
        number(Initial::<Bss>::read(&data))
    );
    magic.magic = magic_argument();
    step.step = 5;
    magic.store(&mut rodata)?;
    step.store(&mut data)
}

fn print_text(record: &Odd, length: usize) {
    let text = record.text;
    println!(
        "all {} {} {length}",
        { record.number },
        String::from_utf8_lossy(&text[..12])
    );
}

/// Takes only the first record out of each poll: the others come again.
fn print_records(all: &mut RingBuffer<Bytes>, even: &mut RingBuffer<u64>) -> Result<()> {
    while let Some(record) = all.consume()?.next() {
        if let Some(odd) = Odd::from_bytes(record) {
            print_text(odd, record.len());
        }
    }
    for record in even.consume()? {
        println!("even {record}");
    }
    Ok(())
}

fn watch(object: &Object) -> Result<()> {
    let data = Globals::<Data>::show(&object.map(".data")?)?;
    let bss = Globals::<Bss>::show(&object.map(".bss")?)?;
    let mut all = RingBuffer::<Bytes>::new(&object.map("ring_all")?)?;
    let mut even = RingBuffer::<u64>::new(&object.map("ring_even")?)?;
    println!(
        "second reader {}",
        number(RingBuffer::<Bytes>::new(all.map()))
    );
    println!("variable beyond the end {}", number(bss.read_at::<u64>(16)));
    println!("ready");
    loop {
        let sources = [Source::ring_buffer(&all), Source::ring_buffer(&even)];
        match wait(&sources, Some(Duration::from_secs(1))) {
            Err(error) if error.is_interrupted() => break,
            result => result.map(drop)?,
        }
        print_records(&mut all, &mut even)?;
        // From now on the program in the kernel adds this.
        if bss.read_at::<u64>(0)? == 2 && data.get()?.step == 5 {
            data.write_at(0, 7u64)?;
            println!("step 7");
        }
    }
    println!(
        "signal {}",
        signal::take().map_or(0, |signal| signal.number())
    );
    print_records(&mut all, &mut even)?;
    let Bss { calls, sum } = bss.get()?;
    println!("calls {calls} sum {sum}");
    Ok(())
}

fn rings(open: OpenObject) -> Result<()> {
    set_rings(&open)?;
    let object = open.load()?;
    println!(
        "not loaded {}",
        number(
            object
                .program("optional")
                .and_then(|program: Program| program.attach())
        )
    );
    let link = object.program("on_getpgid")?.attach()?;
    watch(&object)?;
    link.detach()
}

fn change_table(table: &TypedMap<u32, u64>) -> Result<()> {
    println!("lookup of nothing {:?}", table.get(&9)?.is_some());
    table.insert(&1, &0x1234_5678_9abc_def0)?;
    println!(
        "insert again {}",
        number(table.update(&1, &1, Update::Create))
    );
    println!(
        "replace nothing {}",
        number(table.update(&2, &1, Update::Replace))
    );
    println!("value {:x}", table.get(&1)?.unwrap_or(0));
    for key in 2..=5 {
        table.insert(&key, &key.into())?;
    }
    println!("insert into a full map {}", number(table.insert(&6, &6)));
    println!(
        "{} keys, sum {}",
        table.keys().count(),
        table.keys().sum::<Result<u32>>()?
    );
    let values = table
        .iter()
        .map(|entry| entry.map(|(_, value)| value))
        .filter(|value| value != &Ok(0x1234_5678_9abc_def0));
    println!("sum of values {}", values.sum::<Result<u64>>()?);
    println!("remove {} {}", table.remove(&1)?, table.remove(&1)?);
    Ok(())
}

fn change_per_cpu(values: &PerCpuMap<u32, u32>) -> Result<()> {
    println!("cpus {}", values.cpus());
    let numbers: Vec<u32> = (1..=values.cpus() as u32).collect();
    values.insert(&1, &numbers)?;
    println!(
        "too few values {}",
        number(values.insert(&1, &numbers[1..]))
    );
    println!("same values {}", values.get(&1)?.as_ref() == Some(&numbers));
    println!(
        "others {:?}",
        values.get(&0)?.map_or(1, |values| values.iter().sum())
    );
    println!("none {}", values.get(&2)?.is_none());
    Ok(())
}

fn wrong_types(table: &Map, per_cpu: &Map) {
    println!("other keys {}", number(TypedMap::<u64, u64>::new(table)));
    println!("other values {}", number(TypedMap::<u32, u32>::new(table)));
    println!("one value {}", number(TypedMap::<u32, u32>::new(per_cpu)));
    println!(
        "a value for each CPU {}",
        number(PerCpuMap::<u32, u64>::new(table))
    );
    println!("no ring buffer {}", number(RingBuffer::<u64>::new(table)));
    println!("no globals {}", number(Globals::<u64>::show(table)));
}

fn attach(touch: &Program) -> Result<()> {
    let link = touch.attach_to(&Attach::tracepoint("syscalls:sys_enter_getpgid").cookie(9))?;
    println!(
        "attached to a tracepoint, detached {}",
        number(link.detach())
    );
    println!(
        "no tracepoint {}",
        number(touch.attach_to(&Attach::tracepoint("syscalls:none")))
    );
    Ok(())
}

fn maps(open: OpenObject) -> Result<()> {
    let mut table = open.map("table")?;
    table.set_max_entries(5)?;
    println!("entries {}", table.info().max_entries);
    println!(
        "no map {} no program {}",
        number(open.map("none")),
        number(open.program("none"))
    );
    let mut touch = open.program("touch")?;
    touch.set_autoload(false)?;
    touch.set_autoload(true)?;
    let object = open.load()?;
    println!("late {}", number(table.set_max_entries(6)));
    attach(&object.program("touch")?)?;
    let (table, per_cpu) = (object.map("table")?, object.map("per_cpu")?);
    drop(object); // its maps keep it open
    wrong_types(&table, &per_cpu);
    change_table(&TypedMap::new(&table)?)?;
    change_per_cpu(&PerCpuMap::new(&per_cpu)?)
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Message {
    number: u64,
    text: [u8; 56],
}

#[repr(C)]
#[derive(Clone, Copy)]
struct PerfRodata {
    magic: u64,
    first_message: Message, // which the compiler put there
}

// SAFETY: integers only, and no padding.
unsafe impl Plain for Message {}
unsafe impl Plain for PerfRodata {}

fn perf(open: OpenObject) -> Result<()> {
    let mut rodata = open.map(".rodata")?;
    let mut magic = Initial::<PerfRodata>::read(&rodata)?;
    magic.magic = magic_argument();
    magic.store(&mut rodata)?;
    let object = open.load()?;
    let _link = object.program("on_getpgid")?.attach()?;
    let map = object.map("samples")?;
    println!(
        "three pages {}",
        number(PerfBuffer::<Message>::new(&map, 3))
    );
    let mut samples = PerfBuffer::<Message>::new(&map, 1)?;
    println!("twice {}", number(PerfBuffer::<Message>::new(&map, 1)));
    println!("ready");
    while wait(
        &[Source::perf_buffer(&samples)],
        Some(Duration::from_secs(1)),
    )
    .is_ok()
    {
        // One at a time: the others come again.
        while let Some(sample) = samples.consume()?.next() {
            let text = String::from_utf8_lossy(&sample.record.text[..23]);
            println!(
                "cpu {} lost {}: {} {text}",
                sample.cpu, sample.lost_before, sample.record.number
            );
        }
    }
    println!(
        "signal {}",
        signal::take().map_or(0, |signal| signal.number())
    );
    Ok(())
}

fn iterate(object: &Object, table: &Map) -> Result<()> {
    let mut link = object
        .program("list_elements")?
        .attach_to(&Attach::iterator_over(table))?;
    print!("elements: {}", link.iterate()?.read_text()?);
    link.update(&object.program("say_the_end")?)?;
    print!("then: {}", link.iterate()?.read_text()?);
    println!(
        "program of another kind {}",
        number(link.update(&object.program("measure")?))
    );
    Ok(())
}

fn run_on_data(measure: &Program) -> Result<()> {
    let packet = [7; 64];
    // The kernel writes an Ethernet header of its own.
    let outcome = measure.test_run(&TestRun {
        data: &packet,
        data_out: 128,
        ..TestRun::default()
    })?;
    println!(
        "returned {}, same data {}",
        outcome.return_value,
        outcome.data[14..] == packet[14..]
    );
    let no_room = TestRun {
        data: &packet,
        data_out: 8,
        ..TestRun::default()
    };
    println!("too little room {}", number(measure.test_run(&no_room)));
    println!("no data {}", number(measure.test_run(&TestRun::default())));
    Ok(())
}

fn look_symbols_up() -> Result<()> {
    let Some(start) = symbols::find("schedule")? else {
        println!("no schedule");
        return Ok(());
    };
    if let Some(inside) = symbols::at(start + 1)?.filter(|symbol| symbol.start == start) {
        println!("symbol {:?}", inside.name);
    }
    println!(
        "no symbol {} {}",
        symbols::at(0)?.is_none(),
        symbols::find("no such function")?.is_none()
    );
    look_process_maps_up()
}

/// The process and an address in it are the arguments.
fn look_process_maps_up() -> Result<()> {
    let mut numbers = env::args()
        .skip(1)
        .filter_map(|word| word.parse::<u64>().ok());
    let (Some(pid), Some(address)) = (numbers.next(), numbers.next()) else {
        return Ok(());
    };
    if let Some(there) = symbols::process_map_at(pid as u32, address)? {
        println!(
            "mapped {:?} {}",
            there.name,
            there.start + there.offset == address
        );
    }
    let nobody = symbols::process_map_at(0, address);
    println!(
        "not mapped {} {}",
        symbols::process_map_at(pid as u32, 0)?.is_none(),
        nobody.is_err_and(|error| error.errno() == Errno::ESRCH)
    );
    Ok(())
}

fn elements(open: OpenObject) -> Result<()> {
    let object = open.load()?;
    let table = object.map("table")?;
    let queue = TypedMap::<(), u64>::new(&object.map("queue")?)?;
    queue.insert(&(), &7)?;
    queue.insert(&(), &8)?;
    println!(
        "queue {:?} {:?} {}",
        queue.take(&())?.unwrap_or(0),
        queue.take(&())?.unwrap_or(0),
        queue.take(&())?.is_none()
    );
    TypedMap::<u32, u64>::new(&table)?.insert(&5, &50)?;
    iterate(&object, &table)?;
    run_on_data(&object.program("measure")?)?;
    println!("symbols {}", number(look_symbols_up()));
    seal()?;
    println!("sealed {}", number(OpenObject::open("elements_bpf")));
    Ok(())
}

/// Whichever object this package has.
fn run() -> Result<()> {
    let parts = [
        ("rings_bpf", rings as fn(OpenObject) -> Result<()>),
        ("maps_bpf", maps),
        ("perf_bpf", perf),
        ("elements_bpf", elements),
    ];
    for (name, part) in parts {
        match OpenObject::open(name) {
            Err(error) if error.errno() == Errno::ENOENT => continue,
            open => return part(open?),
        }
    }
    Ok(())
}

fn main() -> std::result::Result<(), Error> {
    run()
}
