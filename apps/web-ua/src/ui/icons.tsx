// Icons as strokes of 1.75 on a 24 grid. They say nothing by themselves: the control around them has the name.

import type { ReactNode } from 'react';

export interface IconProps {
  size?: number;
}

const icon = (content: ReactNode) => function Icon({ size = 20 }: IconProps) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor" strokeWidth="1.75"
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">{content}</svg>
  );
};

export const InboxIcon = icon(<><path d="M4 13l2.6-7.2A2 2 0 0 1 8.5 4.5h7a2 2 0 0 1 1.9 1.3L20 13v4.5a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z" /><path d="M4 13h4.2l1.3 2.5h5L15.8 13H20" /></>);
export const ImportantIcon = icon(<path d="M4 6.5h9.5L20 12l-6.5 5.5H4L8.5 12z" />);
export const DraftsIcon = icon(<><path d="M4 20l1-4.2L16.3 4.5a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L8.2 19z" /><path d="M14.5 6.3l3.2 3.2" /></>);
export const SentIcon = icon(<><path d="M20.5 3.5L10.5 13.5" /><path d="M20.5 3.5l-6.3 17-3.7-7-7-3.7z" /></>);
export const ArchiveIcon = icon(<><rect x="3.5" y="4.5" width="17" height="4.5" rx="1.2" /><path d="M5 9v8.5a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9" /><path d="M10 13h4" /></>);
export const JunkIcon = icon(<><path d="M8.2 3.5h7.6l4.7 4.7v7.6l-4.7 4.7H8.2l-4.7-4.7V8.2z" /><path d="M12 8v4.5" /><path d="M12 16h.01" /></>);
export const TrashIcon = icon(<><path d="M4.5 6.5h15" /><path d="M9.5 6.5V5a1.5 1.5 0 0 1 1.5-1.5h2A1.5 1.5 0 0 1 14.5 5v1.5" /><path d="M6.5 6.5l.8 12a2 2 0 0 0 2 1.9h5.4a2 2 0 0 0 2-1.9l.8-12" /><path d="M10.3 10.5v6M13.7 10.5v6" /></>);
export const LabelIcon = icon(<><path d="M3.5 5.5v5.7a2 2 0 0 0 .6 1.4l7.3 7.3a2 2 0 0 0 2.8 0l5.7-5.7a2 2 0 0 0 0-2.8l-7.3-7.3a2 2 0 0 0-1.4-.6H5.5a2 2 0 0 0-2 2z" /><path d="M8 8h.01" /></>);
export const SearchIcon = icon(<><circle cx="11" cy="11" r="6.5" /><path d="M16 16l4.5 4.5" /></>);
export const CloseIcon = icon(<path d="M6 6l12 12M18 6L6 18" />);
export const MenuIcon = icon(<path d="M4 7h16M4 12h16M4 17h16" />);
export const BackIcon = icon(<path d="M19 12H5m6-6l-6 6 6 6" />);
export const ReplyIcon = icon(<><path d="M9.5 6L4 11.5 9.5 17" /><path d="M4.5 11.5h9a6 6 0 0 1 6 6v.5" /></>);
export const ReplyAllIcon = icon(<><path d="M7 6l-5 5.5L7 17" /><path d="M12 6l-5 5.5 5 5.5" /><path d="M7.5 11.5h7.5a6 6 0 0 1 6 6v.5" /></>);
export const ForwardIcon = icon(<><path d="M14.5 6l5.5 5.5-5.5 5.5" /><path d="M19.5 11.5h-9a6 6 0 0 0-6 6v.5" /></>);
export const UnreadIcon = icon(<><path d="M20.5 11v6.5a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-10a2 2 0 0 1 2-2H14" /><path d="M4 8l8 5.5 3-2" /><circle cx="19" cy="6" r="2.5" fill="currentColor" stroke="none" /></>);
export const StarIcon = icon(<path d="M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z" />);
export const StarFilledIcon = icon(<path d="M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z" fill="currentColor" />);
export const AttachmentIcon = icon(<path d="M19.5 11.5l-7.6 7.6a4.7 4.7 0 0 1-6.6-6.6l7.9-7.9a3.1 3.1 0 0 1 4.4 4.4l-7.8 7.8a1.6 1.6 0 0 1-2.2-2.2l7.2-7.2" />);
export const ComposeIcon = icon(<><path d="M11 4.5H6a2 2 0 0 0-2 2V18a2 2 0 0 0 2 2h11.5a2 2 0 0 0 2-2v-5" /><path d="M9 15l.7-3L18 3.7a1.5 1.5 0 0 1 2.2 0l.1.1a1.5 1.5 0 0 1 0 2.2L12 14.3z" /></>);
export const SyncIcon = icon(<><path d="M4.5 11a7.7 7.7 0 0 1 13.6-4l1.9 2" /><path d="M20 4.5V9h-4.5" /><path d="M19.5 13a7.7 7.7 0 0 1-13.6 4L4 15" /><path d="M4 19.5V15h4.5" /></>);
export const CheckIcon = icon(<path d="M5 12.5l4.5 4.5L19 7.5" />);
export const OfflineIcon = icon(<><path d="M3.5 3.5l17 17" /><path d="M7.2 8.2A5.5 5.5 0 0 0 7 19h10a4 4 0 0 0 1.3-.2" /><path d="M20.6 17a4.5 4.5 0 0 0-3.1-7A6.5 6.5 0 0 0 10.5 5.8" /></>);
export const AlarmIcon = icon(<><path d="M12 4l9 15.5H3z" /><path d="M12 10v4.5" /><path d="M12 17h.01" /></>);
export const DownloadIcon = icon(<><path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5" /><path d="M5 19.5h14" /></>);
export const FileIcon = icon(<><path d="M13.5 3.5H7a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9z" /><path d="M13.5 3.5V9H19" /></>);
export const KeyboardIcon = icon(<><rect x="3" y="6.5" width="18" height="11" rx="2" /><path d="M7 10.5h.01M10.5 10.5h.01M14 10.5h.01M17.5 10.5h.01M8 14h8" /></>);
export const SignOutIcon = icon(<><path d="M14 4.5H7a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h7" /><path d="M10.5 12H20m-3.5-3.5L20 12l-3.5 3.5" /></>);
export const SettingsIcon = icon(<><circle cx="12" cy="12" r="3" /><path d="M19 13.6a7.2 7.2 0 0 0 0-3.2l1.9-1.5-1.8-3.1-2.3.9a7.3 7.3 0 0 0-2.7-1.6L13.7 2.8h-3.4l-.4 2.3a7.3 7.3 0 0 0-2.7 1.6l-2.3-.9-1.8 3.1L5 10.4a7.2 7.2 0 0 0 0 3.2l-1.9 1.5 1.8 3.1 2.3-.9a7.3 7.3 0 0 0 2.7 1.6l.4 2.3h3.4l.4-2.3a7.3 7.3 0 0 0 2.7-1.6l2.3.9 1.8-3.1z" /></>);
export const CopyIcon = icon(<><rect x="8.5" y="8.5" width="11" height="11" rx="2" /><path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2" /></>);
export const ChevronIcon = icon(<path d="M8 10l4 4 4-4" />);
export const ShieldOffIcon = icon(<><path d="M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z" /><path d="M9.5 9.5l5 5m0-5l-5 5" /></>);
