//! Line icons. They are decoration: the text beside each says the same.

use leptos::prelude::*;

/// An icon, as the path of its lines in a square of 24 units.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Icon {
    ArrowBack,
    CalendarCrossed,
    Check,
    Clock,
    Compass,
    Lock,
    MoneyBack,
    Receipt,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::ArrowBack => "M10 6l-6 6 6 6M4.5 12H20",
            Self::CalendarCrossed => {
                "M4.5 6h15v14h-15zM4.5 10h15M8.5 3.500V7M15.5 3.500V7M10 13l4 4M14 13l-4 4"
            }
            Self::Check => "M5 12.500l4.7 4.700L19 7.5",
            Self::Clock => "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.500V12l3.2 2.2",
            Self::Compass => {
                "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM15.5 8.500l-2 5-5 2 2-5z"
            }
            Self::Lock => "M5.5 11h13v9h-13zM8 11V8a4 4 0 0 1 8 0v3M12 14.500v2",
            Self::MoneyBack => "M4 4.500v5h5M4.4 9.300a8 8 0 1 1-.3 4.200M12 8.500v3.700l2.5 1.6",
            Self::Receipt => {
                "M6.5 3.500h11v17l-2.7-1.7-2.8 1.7-2.8-1.7-2.7 1.700zM9.5 8h5M9.5 12h5"
            }
        }
    }
}

#[component]
pub(crate) fn LineIcon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d=icon.path()/>
        </svg>
    }
}
