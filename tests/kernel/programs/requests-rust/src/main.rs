// SPDX-License-Identifier: Apache-2.0
//! What ../requests.cpp does, with the Rust skeleton.

mod requests_skel;

use std::process::ExitCode;
use std::time::Duration;

use ecc_guest::{Bytes, Errno, Plain, Program, Result, TestRun, UserRingBuffer};
use requests_skel::{Note, OpenRequestsSkel, Order};

const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

fn drain(program: &Program) -> Result<u32> {
    let run = TestRun {
        data: &[0; 14],
        ..TestRun::default()
    };
    Ok(program.test_run(&run)?.return_value)
}

fn is<T>(result: Result<T>, errno: Errno) -> u8 {
    u8::from(result.is_err_and(|error| error.errno() == errno))
}

fn fill(orders: &UserRingBuffer<Order>) {
    let order = Order::zeroed();
    let mut sent = 0;
    while orders.send(&order, AT_ONCE).is_ok() {
        sent += 1;
    }
    println!("sent {sent}");
    println!("full {}", is(orders.send(&order, AT_ONCE), Errno::ENOSPC));
    let waited = orders.send(&order, Some(Duration::from_millis(10)));
    println!("full for a while {}", is(waited, Errno::ENOSPC));
}

fn run() -> Result<()> {
    let skel = OpenRequestsSkel::open()?.load()?;
    let order = |price, count| Order {
        price,
        count,
        ..Order::zeroed()
    };
    skel.maps.orders.send(&order(10, 3), AT_ONCE)?;
    println!("drained {}", drain(&skel.progs.drain)?);
    println!("total {}", skel.bss.get()?.total);
    fill(&skel.maps.orders);
    skel.maps.mixed.order.send(&order(100, 2), AT_ONCE)?;
    skel.maps.mixed.note.send(&Note { value: 7 }, AT_ONCE)?;
    println!("drained {}", drain(&skel.progs.drain_mixed)?);
    let bss = skel.bss.get()?;
    println!("total {} notes {}", bss.total, bss.notes);
    let other = UserRingBuffer::<Bytes>::new(&skel.object.map("answers")?);
    println!("another map {}", is(other, Errno::EINVAL));
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
