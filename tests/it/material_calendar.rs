//! The working calendar and month arithmetic against data that others computed.

use jiff::civil::{Date, date};
use qiyue::kernel::WorkCalendar;
use qiyue::kernel::calendar::add_months;
use serde_json::Value;

use crate::support::{json, material};

fn day(value: &Value) -> Date {
    value.as_str().unwrap().parse().unwrap()
}

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(move |day| day.year() == year)
}

#[test]
fn every_named_day_is_off_or_worked_as_the_notices_say() {
    let Some(folder) = material("calendar-cn") else { return };
    let calendar = WorkCalendar::mainland();
    for file in std::fs::read_dir(folder.join("holiday-cn")).unwrap() {
        let notice = json(&file.unwrap().path());
        for named in notice["days"].as_array().into_iter().flatten() {
            let worked = !named["isOffDay"].as_bool().unwrap();
            assert_eq!(calendar.is_working_day(day(&named["date"])), Ok(worked), "{named}");
        }
        // The schema of the files has no year of its own.
        let Some(year) = notice["year"].as_i64() else { continue };
        let known = calendar.is_working_day(date(i16::try_from(year).unwrap(), 6, 1)).is_ok();
        assert_eq!(known, !notice["days"].as_array().unwrap().is_empty(), "{year}");
    }
}

#[test]
fn each_year_has_as_many_working_days_as_counted_elsewhere() {
    let Some(folder) = material("calendar-cn") else { return };
    let expected = json(&folder.join("expected.json"));
    for (year, count) in expected["working_days_in_year"].as_object().unwrap() {
        let worked =
            days_of(year.parse().unwrap()).filter(|day| WorkCalendar::mainland().is_working_day(*day).unwrap());
        assert_eq!(Value::from(worked.count()), *count, "{year}");
    }
    for worked in expected["weekend_days_that_are_worked"].as_object().unwrap().values() {
        for worked in worked.as_array().unwrap() {
            assert_eq!(WorkCalendar::mainland().is_working_day(day(worked)), Ok(true), "{worked}");
        }
    }
}

#[test]
fn holidays_roll_forward_to_the_same_day() {
    let Some(folder) = material("calendar-cn") else { return };
    for case in json(&folder.join("expected.json"))["roll_forward"].as_array().unwrap() {
        let rolled = WorkCalendar::mainland().roll_forward(day(&case["date"]));
        assert_eq!(rolled, Ok(day(&case["roll_forward_to"])), "{case}");
    }
}

#[test]
fn working_days_lead_to_the_same_due_date() {
    let Some(folder) = material("calendar-cn") else { return };
    for case in json(&folder.join("expected.json"))["add_working_days"].as_array().unwrap() {
        let days = i32::try_from(case["add_working_days"].as_i64().unwrap()).unwrap();
        let due = WorkCalendar::mainland().add_working_days(day(&case["start"]), days);
        assert_eq!(due, Ok(day(&case["due"])), "{case}");
    }
}

#[test]
fn months_and_years_are_clamped_to_the_end_of_the_month() {
    let Some(folder) = material("calendar-cn") else { return };
    for case in json(&folder.join("month_end.json"))["add"].as_array().unwrap() {
        let months =
            case["add_months"].as_i64().or_else(|| case["add_years"].as_i64().map(|years| years * 12)).unwrap();
        let moved = add_months(day(&case["start"]), i32::try_from(months).unwrap());
        assert_eq!(moved, day(&case["result"]), "{case}");
    }
}

#[test]
fn schedules_are_anchored_on_their_first_date() {
    let Some(folder) = material("calendar-cn") else { return };
    for case in json(&folder.join("month_end.json"))["schedules_anchored_on_first_date"].as_array().unwrap() {
        let every = i32::try_from(case["every_months"].as_i64().unwrap()).unwrap();
        for (place, expected) in (0..).zip(case["dates_from_first"].as_array().unwrap()) {
            assert_eq!(add_months(day(&case["first"]), every * place), day(expected), "{case}");
        }
    }
}
